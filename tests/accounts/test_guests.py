"""Guests: writing without an account, confirming an address, and claiming what was written."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import guests
from forum.accounts.guests import NewGuest
from forum.accounts.identity import Viewer
from forum.accounts.models import GUEST, Member
from forum.core.db import db, writing
from forum.guests import commands
from forum.moderation import admission
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import RULE, Snapshot
from forum.replies.commands import NewReply
from forum.replies.models import Reply
from forum.worker.jobs import forget_expired
from tests.accounts.mailed import page_in, register, sign_in, token_in
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox, Received
from tests.moderation.queue.scene import claim_next, decided, report
from tests.recount import counted_anew, stances, stances_counted_anew, stored
from tests.sanctions import put_into_force
from tests.statements import recorded
from tests.test_query_plans import full_scans
from tests.worker import work_off

ROBIN = {"name": "Robin W.", "email": "robin@example.org"}
NAMED = {"name": "Robin W."}

MakeCommunity = Callable[..., Community]


@pytest.fixture
def let_in(keep_app: Callable[..., Flask]) -> MakeCommunity:
    """Makes a forum where guests may write."""
    return lambda policy: Community(keep_app(FORUM_GUESTS=policy, FORUM_ACCOUNT_LETTERS_A_DAY="50"))


@pytest.fixture
def community(let_in: MakeCommunity) -> Community:
    return let_in("confirmed")


@pytest.fixture
def is_open(let_in: MakeCommunity) -> Community:
    return let_in("open")


def write(
    community: Community, guest: Any = ROBIN, thread: Json | None = None, **more: Any
) -> Json:
    """A guest's reply, as the guest is told of it."""
    thread_id = (thread or community.thread())["id"]
    body = {"body": "I would stay.", "guest": guest, **more}
    written: Json = community.passer_by.ok("POST", f"/threads/{thread_id}/replies", body)
    return written


def browser(community: Community, written: Json) -> Person:
    """The browser that a text came from."""
    return Person(community.client, token=written["guest_token"])


def seen(community: Community, written: Json) -> int:
    return community.passer_by.get(f"/replies/{written['id']}").status_code


def letter(community: Community, mailbox: Mailbox) -> Received:
    """The latest letter with a link to confirm an address; all others are forgotten."""
    work_off(community.app)
    latest = next(m for m in reversed(mailbox.mails) if "/account/" in m.part("plain"))
    mailbox.empty()
    return latest


def confirm(community: Community, mailbox: Mailbox) -> None:
    """Follow the link in the latest letter to a guest."""
    token = token_in(letter(community, mailbox))
    community.passer_by.ok("POST", "/guests/confirm", {"token": token})
    work_off(community.app)


def test_where_guests_may_not_write_they_have_to_sign_in(app: Flask) -> None:
    forum = Community(app)
    address = f"/threads/{forum.thread()['id']}/replies"
    answer = forum.passer_by.post(address, {"body": "I would stay.", "guest": ROBIN})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


@on_one_database
def test_whoever_says_no_name_has_to_sign_in(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}/replies"
    assert community.passer_by.post(address, {"body": "I would stay."}).status_code == 401


@on_one_database
def test_a_member_is_no_guest(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}/replies"
    answer = community.member().post(address, {"body": "I would stay.", "guest": NAMED})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/guest")


def test_a_guest_is_shown_as_one(is_open: Community) -> None:
    written = write(is_open)
    shown = is_open.passer_by.ok("GET", f"/replies/{written['id']}")
    assert shown["author"] == {"username": "guest", "display_name": "Robin W.", "role": "guest"}


@on_one_database
def test_a_guest_has_no_profile(is_open: Community) -> None:
    write(is_open)
    assert is_open.passer_by.get("/users/guest").status_code == 404


@on_one_database
def test_a_page_leads_to_no_profile_of_a_guest(is_open: Community) -> None:
    page = is_open.client.get(f"/replies/{write(is_open)['id']}").text
    assert "Robin W." in page
    assert "/users/guest" not in page


def test_what_a_guest_writes_waits_until_the_link_is_followed(
    community: Community, mailbox: Mailbox
) -> None:
    written = write(community)
    assert (written["state"], seen(community, written)) == ("held", 404)
    confirm(community, mailbox)
    assert seen(community, written) == 200


def test_a_thread_of_a_guest_waits_likewise(community: Community, mailbox: Mailbox) -> None:
    body = {"body": "What would you do?", "guest": ROBIN}
    address = f"/posts/{community.post()['slug']}/threads"
    opened = community.passer_by.ok("POST", address, body)
    assert community.passer_by.get(f"/threads/{opened['id']}").status_code == 404
    confirm(community, mailbox)
    assert community.passer_by.get(f"/threads/{opened['id']}").status_code == 200


def test_the_page_of_the_link_asks_first(community: Community, mailbox: Mailbox) -> None:
    written = write(community)
    page = page_in(letter(community, mailbox))
    assert "Robin W." in community.client.get(page).text
    work_off(community.app)
    assert seen(community, written) == 404
    assert community.client.post(page).status_code == 200
    work_off(community.app)
    assert seen(community, written) == 200


@on_one_database
def test_a_link_is_good_once(community: Community, mailbox: Mailbox) -> None:
    write(community)
    body = {"token": token_in(letter(community, mailbox))}
    answers = [community.passer_by.post("/guests/confirm", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, answers[1].status_code]
    assert answers[1].json["code"] == "invalid-mailed-token"


def test_what_moderators_are_to_decide_about_waits_for_them(
    community: Community, mailbox: Mailbox
) -> None:
    written = write(community)
    with community.app.app_context(), writing():
        raise_item(db.session(), Concern(RULE, written["thread_id"], written["id"], 10))
        db.session.commit()
    confirm(community, mailbox)
    assert seen(community, written) == 404


@on_one_database
def test_where_all_guests_may_write_it_is_seen_at_once(is_open: Community) -> None:
    written = write(is_open, NAMED)
    assert (written["state"], seen(is_open, written)) == ("visible", 200)


@pytest.mark.parametrize(
    "name", ["noor", "N00R", "Noor Haddad", "noor  haddad", "@noor", "n o o r", "Adm1n", "@Admin ✓"]
)
@on_one_database
def test_no_name_can_be_taken_for_a_members(is_open: Community, name: str) -> None:
    is_open.member("noor").ok("PATCH", "/me", {"display_name": "Noor Haddad"})
    address = f"/threads/{is_open.thread()['id']}/replies"
    answer = is_open.passer_by.post(address, {"body": "It is me.", "guest": {"name": name}})
    assert (answer.status_code, answer.json["code"]) == (409, "guest-name-taken")


@pytest.mark.parametrize("taken", ["username", "display_name"])
def test_a_member_who_comes_later_wins_the_name(is_open: Community, taken: str) -> None:
    written = write(is_open, {"name": "Noor"})
    member = is_open.member("noor" if taken == "username" else None)
    if taken == "display_name":
        member.ok("PATCH", "/me", {"display_name": "N00r"})
    shown = is_open.passer_by.ok("GET", f"/replies/{written['id']}")
    assert shown["author"]["display_name"] == "Guest"


@pytest.mark.parametrize("policy", ["confirmed", "open"])
def test_the_browser_may_edit_for_a_quarter_of_an_hour(
    let_in: MakeCommunity, let_pass: LetPass, policy: str
) -> None:
    community = let_in(policy)
    written = write(community)
    guest, address = browser(community, written), f"/replies/{written['id']}"
    assert guest.ok("PATCH", address, {"body": "I would go."})["body"] == "I would go."
    let_pass(minutes=16)
    assert guest.patch(address, {"body": "No, stay."}).status_code == 401


def test_the_browser_sees_what_waits(community: Community) -> None:
    written = write(community)
    write(community)
    items = browser(community, written).ok("GET", "/me/held")["items"]
    assert [item["id"] for item in items] == [written["id"]]


def test_the_browser_may_edit_nothing_else(is_open: Community) -> None:
    written = write(is_open)
    others = [write(is_open), is_open.reply()]
    guest = browser(is_open, written)
    answers = [guest.patch(f"/replies/{other['id']}", {"body": "Mine."}) for other in others]
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PUT", "/replies/{other}/vote", {"value": 1}),
        ("PUT", "/replies/{other}/ballot", {"path": "neither"}),
        ("PUT", "/replies/{mine}/path", {"path": None}),
        ("DELETE", "/replies/{mine}", None),
        ("POST", "/threads/{thread}/replies", {"body": "Again.", "guest": NAMED}),
        ("GET", "/me", None),
        ("GET", "/me/notifications", None),
    ],
)
@on_one_database
def test_the_browser_may_do_nothing_else(
    is_open: Community, method: str, address: str, body: Any
) -> None:
    written, other = write(is_open), is_open.reply()
    path = address.format(mine=written["id"], other=other["id"], thread=written["thread_id"])
    answer = browser(is_open, written).call(method, path, json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@on_one_database
def test_a_forged_token_of_a_guest_is_refused(is_open: Community) -> None:
    written = write(is_open)
    forged = Person(is_open.client, token=written["guest_token"][:-1] + "x")
    assert forged.patch(f"/replies/{written['id']}", {"body": "Mine."}).status_code == 401


@on_one_database
def test_guests_are_limited_by_address(make_community: MakeCommunity) -> None:
    community = make_community(
        FORUM_GUESTS="open", FORUM_RATELIMIT_ENABLED="true", FORUM_RATELIMIT_GUEST="1 per hour"
    )
    address = f"/threads/{community.thread()['id']}/replies"
    body = {"body": "I would stay.", "guest": NAMED}
    statuses = [community.passer_by.post(address, body).status_code for _ in range(2)]
    assert statuses == [201, 429]


def test_a_guest_is_not_told_of_answers(is_open: Community, mailbox: Mailbox) -> None:
    written = write(is_open)
    confirm(is_open, mailbox)
    is_open.reply(to=written)
    work_off(is_open.app)
    assert ROBIN["email"] not in {mail.recipient for mail in mailbox.mails}


def test_two_texts_of_one_address_are_of_one_guest(is_open: Community, mailbox: Mailbox) -> None:
    thread = is_open.thread()
    for path in ("technical-path", "technical-path"):
        write(is_open, thread=thread, path=path)
        confirm(is_open, mailbox)
    shown = is_open.passer_by.ok("GET", f"/threads/{thread['id']}")
    assert shown["balance"]["technical"] == 1


def test_who_registers_and_confirms_the_address_has_what_they_wrote(
    community: Community, mailbox: Mailbox
) -> None:
    written = write(community)
    confirm(community, mailbox)
    register(community, "robin", "robin@example.org")
    body = {"token": token_in(letter(community, mailbox))}
    community.passer_by.ok("POST", "/auth/email/confirm", body)
    work_off(community.app)
    shown = community.passer_by.ok("GET", f"/replies/{written['id']}")
    assert shown["author"]["username"] == "robin"


def test_who_signs_in_with_the_address_has_what_they_wrote_meanwhile(
    is_open: Community, mailbox: Mailbox
) -> None:
    is_open.member("robin", password=PASSWORD)
    written = write(is_open)
    confirm(is_open, mailbox)
    assert is_open.passer_by.ok("GET", f"/replies/{written['id']}")["author"]["role"] == "guest"
    sign_in(is_open, "robin")
    work_off(is_open.app)
    listed = is_open.passer_by.ok("GET", "/users/robin/replies")["items"]
    assert [item["id"] for item in listed] == [written["id"]]


@on_one_database
def test_an_address_that_is_not_confirmed_claims_nothing(
    is_open: Community, mailbox: Mailbox
) -> None:
    written = write(is_open)
    is_open.member("robin", password=PASSWORD)
    sign_in(is_open, "robin")
    work_off(is_open.app)
    assert is_open.passer_by.ok("GET", f"/replies/{written['id']}")["author"]["role"] == "guest"


@on_one_database
def test_the_token_of_a_claimed_text_is_good_no_more(is_open: Community, mailbox: Mailbox) -> None:
    written = write(is_open)
    confirm(is_open, mailbox)
    is_open.member("robin")
    work_off(is_open.app)
    edited = browser(is_open, written).patch(f"/replies/{written['id']}", {"body": "Mine."})
    assert edited.status_code == 401


def test_ones_own_votes_and_ballots_end_with_the_claim(
    is_open: Community, mailbox: Mailbox, session: Session
) -> None:
    robin = is_open.member("robin", password=PASSWORD)
    written = write(is_open)
    robin.ok("PUT", f"/replies/{written['id']}/vote", {"value": 1})
    robin.ok("PUT", f"/replies/{written['id']}/ballot", {"path": "neither"})
    confirm(is_open, mailbox)
    sign_in(is_open, "robin")
    work_off(is_open.app)
    shown = is_open.passer_by.ok("GET", f"/replies/{written['id']}")
    assert (shown["votes"]["up"], shown["path"]["ballots"]["neither"]) == (0, 0)
    assert stored(session) == counted_anew(session)


def test_every_number_is_right_after_a_claim(
    is_open: Community, mailbox: Mailbox, session: Session
) -> None:
    """Guest and member wrote in the same threads, on both paths, answering each other."""
    robin, thread = is_open.member("robin", password=PASSWORD), is_open.thread()
    for path, declared in (("management-path", "technical-path"), ("technical-path", None)):
        mine = is_open.reply(robin, thread, path=path)
        answered = write(is_open, thread=thread, parent_id=mine["id"], path=declared)
        is_open.member().ok("PUT", f"/replies/{answered['id']}/vote", {"value": 1})
        is_open.reply(robin, to=answered)
        confirm(is_open, mailbox)
    elsewhere = write(is_open, path="management-path")
    is_open.admin.ok("DELETE", f"/replies/{elsewhere['id']}")
    sign_in(is_open, "robin")
    work_off(is_open.app)
    assert stored(session) == counted_anew(session)
    assert nonzero(stances(session)) == nonzero(stances_counted_anew(session))
    told = is_open.passer_by.ok("GET", f"/threads/{thread['id']}/replies?children=20")["items"]
    assert {item["author"]["username"] for item in told} == {"robin"}


def test_every_number_is_right_whoever_claims_what_in_whatever_order(
    is_open: Community, session: Session
) -> None:
    people = [is_open.member() for _ in range(3)]
    authors = st.integers(0, 5)
    acts = st.lists(
        st.tuples(authors, st.integers(0, 9), st.sampled_from(PATHS), st.sampled_from(VALUES)),
        min_size=3,
        max_size=7,
    )

    @settings(max_examples=2)
    @given(acts, st.permutations(range(3)), st.lists(authors, min_size=3, max_size=3))
    def holds(acts: list[Any], order: list[int], takers: list[int]) -> None:
        known, texts = [new_guest(is_open) for _ in range(3)], [is_open.thread(people[0])]
        for author, answered, path, value in acts:
            texts.append(answer(is_open, people, known, author, texts[answered % len(texts)], path))
            judge(is_open, people[(author + 1) % 3], texts[-1], value)
        for number in order:
            with is_open.app.app_context(), writing():
                commands.claim(db.session(), known[number], member_id(people[takers[number] % 3]))
                db.session.commit()
        session.rollback()
        session.expire_all()
        assert stored(session) == counted_anew(session)
        assert nonzero(stances(session)) == nonzero(stances_counted_anew(session))

    holds()


PATHS = ("technical-path", "management-path", None)
VALUES = ("technical-path", "management-path", "neither", 1, -1, None)


def new_guest(community: Community) -> int:
    with community.app.app_context(), writing():
        guest = guests.add_guest(db.session(), NewGuest("Robin W."))
        db.session.commit()
        return guest.id


def member_id(person: Person) -> int:
    found: int = person.ok("GET", "/me")["id"]
    return found


def answer(
    community: Community,
    people: list[Person],
    guest_ids: list[int],
    author: int,
    to: Json,
    path: str | None,
) -> Json:
    """A reply of a member (0 to 2) or a guest (3 to 5) to a thread or reply."""
    thread_id: int = to["thread_id"] if "thread_id" in to else to["id"]
    parent_id = to["id"] if "thread_id" in to else None
    if author < 3:
        body = {"body": "I would stay.", "parent_id": parent_id, "path": path}
        written: Json = people[author].ok("POST", f"/threads/{thread_id}/replies", body)
        return written
    with community.app.app_context(), writing():
        viewer = Viewer(guest_ids[author - 3], GUEST)
        data = NewReply("I would go.", parent_id, path)
        reply_id = admission.write_reply(db.session(), viewer, thread_id, data).id
        db.session.commit()
    return {"id": reply_id, "thread_id": thread_id}


def judge(community: Community, person: Person, reply: Json, value: Any) -> None:
    """A vote or ballot, where it is not on one's own."""
    if isinstance(value, int):
        person.put(f"/replies/{reply['id']}/vote", {"value": value})
    elif value is not None:
        person.put(f"/replies/{reply['id']}/ballot", {"path": value})


def test_whom_an_answer_was_by_is_told_anew(is_open: Community, mailbox: Mailbox) -> None:
    asker = is_open.member()
    write(is_open, thread=is_open.thread(asker))
    confirm(is_open, mailbox)
    is_open.member("robin")
    work_off(is_open.app)
    (told,) = asker.ok("GET", "/me/notifications")["items"]
    assert told["actor"]["username"] == "robin"


def test_an_address_that_nobody_confirms_is_not_kept(
    community: Community, session: Session, let_pass: LetPass
) -> None:
    write(community)
    work_off(community.app)
    let_pass(days=8)
    with community.app.app_context():
        forget_expired()
    addresses = session.scalars(select(Member.email).where(Member.role == GUEST))
    assert list(addresses) == [None]


def nonzero(numbers: dict[Any, int]) -> dict[Any, int]:
    return {key: number for key, number in numbers.items() if number}


@pytest.mark.parametrize("kind", ["mute", "hold-all", "suspend"])
@on_one_database
def test_a_sanction_is_not_passed_by_writing_as_a_guest(
    community: Community, mailbox: Mailbox, kind: str
) -> None:
    robin = community.member("robin")
    put_into_force(community, robin, kind)
    written = write(community)
    confirm(community, mailbox)
    assert seen(community, written) == 404
    (item,) = community.admin.ok("GET", "/moderation/queue?kind=held")["items"]
    assert item["target"]["id"] == written["id"]


def waiting(community: Community, state: str = "open") -> list[Json]:
    found: list[Json] = community.admin.ok("GET", f"/moderation/queue?state={state}")["items"]
    return found


def test_a_moderator_may_let_in_what_waits_for_its_link(community: Community) -> None:
    written = write(community)
    (item,) = waiting(community)
    why = [{"guest": "has still to confirm their address"}]
    assert (item["kind"], item["weight"], [w["why"] for w in item["why"]]) == ("held", 0, why)
    decided(community.admin, claim_next(community.admin), "approve")
    assert seen(community, written) == 200


def test_what_waits_leaves_the_queue_when_its_link_is_followed(
    community: Community, mailbox: Mailbox
) -> None:
    written = write(community)
    confirm(community, mailbox)
    assert waiting(community) == []
    (item,) = waiting(community, "decided")
    assert item["target"]["id"] == written["id"]
    assert community.admin.ok("GET", f"/moderation/queue/{item['id']}")["decision"] is None


def test_what_has_waited_in_vain_is_destroyed(
    community: Community, session: Session, let_pass: LetPass
) -> None:
    written = write(community, body="A quokka.")
    let_pass(days=8)
    with community.app.app_context():
        forget_expired()
    work_off(community.app)
    assert waiting(community) == []
    assert session.get_one(Reply, written["id"]).body == ""
    assert session.scalars(select(Snapshot.body)).all() == []
    assert {*session.scalars(select(Member.display_name).where(Member.role == GUEST))} == {None}
    assert stored(session) == counted_anew(session)


def test_what_moderators_are_to_decide_about_outlives_its_link(
    community: Community, let_pass: LetPass, session: Session
) -> None:
    community.admin.ok("PUT", "/moderation/policy", {"guests": True})
    written = write(community, body="A quokka.")
    let_pass(days=8)
    with community.app.app_context():
        forget_expired()
    work_off(community.app)
    assert session.get_one(Reply, written["id"]).body == "A quokka."
    assert [item["weight"] for item in waiting(community)] == [5]


HERE, THERE = "203.0.113.7", "203.0.113.8"


def write_from(address: str, community: Community, thread: Json, **more: Any) -> Answer:
    """What becomes of a guest's reply that comes from an address."""
    body = {"body": "I would stay.", "guest": NAMED, **more}
    peer = {"REMOTE_ADDR": address}
    path = f"/threads/{thread['id']}/replies"
    return community.passer_by.post(path, body, environ_overrides=peer)


def slow_thread(community: Community) -> Json:
    thread = community.thread()
    path = f"/moderation/threads/{thread['id']}/slow-mode"
    community.admin.ok("PUT", path, {"seconds": 600})
    return thread


@pytest.mark.parametrize("policy", ["confirmed", "open"])
def test_guests_of_one_address_wait_for_each_other_in_a_slow_thread(
    let_in: MakeCommunity, policy: str
) -> None:
    community = let_in(policy)
    thread = slow_thread(community)
    answers = [write_from(each, community, thread) for each in (HERE, HERE, THERE)]
    assert [answer.status_code for answer in answers] == [201, 429, 201]


def test_a_slow_thread_knows_a_guest_who_was_recognised(
    community: Community, mailbox: Mailbox
) -> None:
    write_from(HERE, community, community.thread(), guest=ROBIN)
    confirm(community, mailbox)
    thread = slow_thread(community)
    write_from(THERE, community, thread, guest=ROBIN)
    confirm(community, mailbox)
    assert write_from(THERE, community, thread).status_code == 429


def test_a_rule_about_speed_counts_what_guests_of_one_address_wrote(is_open: Community) -> None:
    rule = {"kind": "speed", "action": "hold", "number": 2, "minutes": 5}
    is_open.admin.ok("POST", "/moderation/rules", rule)
    thread = is_open.thread(is_open.admin)
    answers = [write_from(each, is_open, thread) for each in (HERE, HERE, THERE, HERE)]
    assert [a.json["state"] for a in answers] == ["visible", "visible", "visible", "held"]


@on_one_database
def test_a_guest_who_is_slowed_down_is_so_at_the_same_address(is_open: Community) -> None:
    thread = is_open.thread()
    report(is_open, write_from(HERE, is_open, thread).json)
    slow = {"kind": "slow", "minutes": 10, "reason": "Slowly."}
    also = [{"do": "sanction", "sanction": slow}]
    decided(is_open.admin, claim_next(is_open.admin), "dismiss", also=also)
    answers = [write_from(each, is_open, thread) for each in (HERE, THERE)]
    assert [answer.json.get("code") for answer in answers] == ["too-soon", None]


@on_one_database
def test_what_is_asked_about_guests_is_found_by_an_index(
    community: Community, session: Session, let_pass: LetPass
) -> None:
    thread = slow_thread(community)
    write_from(HERE, community, thread)
    with recorded(community.app) as sent, community.app.app_context():
        write_from(HERE, community, thread, guest=ROBIN)
        let_pass(days=8)
        guests.forget_unconfirmed(db.session())
    asked = [each for each in sent if "seen_addresses" in each.sql or "mailed" in each.sql]
    scans = [full_scans(session.connection(), e) for e in asked if not e.sql.startswith("INSERT")]
    assert scans == [[]] * len(scans) != []
