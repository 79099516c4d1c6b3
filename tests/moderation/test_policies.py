"""Pre-moderation: whose texts wait before anybody else reads them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.moderation.queue.models import Evidence
from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.moderation.queue.scene import claim_next, decided
from tests.sanctions import put_into_force
from tests.statements import recorded

NOBODY = {
    "everybody": False,
    "guests": False,
    "unconfirmed": False,
    "first_texts": 0,
    "with_links": False,
    "younger_than_days": 0,
    "trusted_after": 0,
}
A_LINK = "See https://example.org/."


def states(person: Person, thread: Json, *bodies: str) -> list[str]:
    """What becomes of replies, written one after the other."""
    url = f"/threads/{thread['id']}/replies"
    return [person.ok("POST", url, {"body": body})["state"] for body in bodies]


def test_nobody_waits_unless_somebody_says_so(community: Community) -> None:
    policy = community.moderator().ok("GET", "/moderation/policy")
    assert policy == {**NOBODY, "source": "configuration"}
    assert states(community.member(), community.thread(), A_LINK) == ["visible"]


def test_a_policy_holds_the_very_next_text(community: Community) -> None:
    writer, thread = community.member(), community.thread()
    assert states(writer, thread, "Before.") == ["visible"]
    put = community.admin.ok("PUT", "/moderation/policy", {"everybody": True, "reason": "Spam."})
    assert put == {**NOBODY, "everybody": True, "source": "community"}
    assert states(writer, thread, "After.") == ["held"]
    community.admin.ok("DELETE", "/moderation/policy")
    assert states(writer, thread, "Later.") == ["visible"]


@on_one_database
def test_what_is_held_is_answered_in_its_own_words(community: Community) -> None:
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    post = community.post()
    opened = community.member("noor").ok(
        "POST", f"/posts/{post['slug']}/threads", {"title": "Well", "body": "*So*."}
    )
    shown = (opened["state"], opened["title"], opened["body_html"], opened["author"]["username"])
    assert shown == ("held", "Well", "<p><em>So</em>.</p>\n", "noor")


@on_one_database
@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"everybody": True}, ["held", "held", "held"]),
        ({"first_texts": 2}, ["held", "held", "held"]),
        ({"with_links": True}, ["visible", "held", "visible"]),
        ({"younger_than_days": 1}, ["held", "held", "held"]),
        ({"guests": True}, ["visible", "visible", "visible"]),
        ({"unconfirmed": True}, ["visible", "visible", "visible"]),
    ],
)
def test_a_policy_says_whose_texts_wait(
    community: Community, policy: Json, expected: list[str]
) -> None:
    community.admin.ok("PUT", "/moderation/policy", policy)
    assert states(community.member(), community.thread(community.admin), "a", A_LINK, "b") == (
        expected
    )


def test_who_has_not_confirmed_their_address_waits(community: Community) -> None:
    community.admin.ok("PUT", "/moderation/policy", {"unconfirmed": True})
    newcomer = community.member(confirmed=False)
    assert states(newcomer, community.thread(community.admin), "Hello.") == ["held"]
    (item,) = community.admin.ok("GET", "/moderation/queue")["items"]
    assert [each["why"] for each in item["why"]] == [{"policy": ["unconfirmed"]}]


@on_one_database
def test_who_has_written_enough_waits_no_more(community: Community) -> None:
    writer, thread = community.member(), community.thread()
    states(writer, thread, "One.", "Two.")
    community.admin.ok("PUT", "/moderation/policy", {"first_texts": 2})
    assert states(writer, thread, "Three.") == ["visible"]


@on_one_database
def test_an_account_grows_old_enough(community: Community, let_pass: LetPass) -> None:
    writer, thread = community.member(), community.thread()
    community.admin.ok("PUT", "/moderation/policy", {"younger_than_days": 2})
    assert states(writer, thread, "New.") == ["held"]
    let_pass(days=2)
    assert states(writer, thread, "Not so new.") == ["visible"]


@on_one_database
def test_a_post_has_a_policy_of_its_own(community: Community) -> None:
    open_post, strict_post = community.post(), community.post()
    threads = [community.thread(post=post) for post in (open_post, strict_post)]
    url = f"/moderation/posts/{strict_post['slug']}/policy"
    assert community.admin.ok("PUT", url, {"everybody": True})["source"] == "post"
    writer = community.member()
    assert [states(writer, thread, "Hm.") for thread in threads] == [["visible"], ["held"]]
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    community.admin.ok("PUT", url, {})
    assert [states(writer, thread, "Hm.") for thread in threads] == [["held"], ["visible"]]
    assert community.admin.ok("DELETE", url)["source"] == "community"


@on_one_database
def test_the_configuration_decides_where_admins_do_not(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_HOLD_LINKS="true")
    assert community.admin.ok("GET", "/moderation/policy")["with_links"] is True
    assert states(community.member(), community.thread(), A_LINK) == ["held"]


@on_one_database
def test_moderators_wait_for_nobody(community: Community) -> None:
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    assert states(community.moderator(), community.thread(community.admin), "a") == ["visible"]


def test_an_edit_waits_like_what_is_new(community: Community) -> None:
    writer = community.member()
    reply = community.reply(writer, body="Harmless.")
    answer = community.reply(to=reply)
    community.admin.ok("PUT", "/moderation/policy", {"with_links": True})
    url = f"/replies/{reply['id']}"
    assert writer.ok("PATCH", url, {"body": "Harmless still."})["state"] == "visible"
    edited = writer.ok("PATCH", url, {"body": A_LINK})
    assert (edited["state"], edited["body"]) == ("held", A_LINK)
    assert community.passer_by.ok("GET", url)["state"] == "held"
    assert "example.org" not in community.passer_by.get(url).text
    thread = community.passer_by.ok("GET", f"/threads/{answer['thread_id']}")
    assert thread["reply_count"] == 1


@on_one_database
def test_an_edit_of_a_thread_waits_like_what_is_new(community: Community) -> None:
    opener = community.member()
    thread = community.thread(opener, title="Old")
    community.admin.ok("PUT", "/moderation/policy", {"with_links": True})
    url = f"/threads/{thread['id']}"
    assert opener.ok("PATCH", url, {"title": "New"})["state"] == "visible"
    edited = opener.ok("PATCH", url, {"body": A_LINK})
    assert (edited["state"], edited["title"]) == ("held", "New")
    assert community.passer_by.get(url).status_code == 404


def test_who_was_approved_often_enough_is_trusted(community: Community) -> None:
    moderator, writer = community.moderator(), community.member()
    thread = community.thread(community.admin)
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True, "trusted_after": 2})
    for body in ("One.", "Two."):
        assert states(writer, thread, body) == ["held"]
        decided(moderator, claim_next(moderator), "approve")
    assert states(writer, thread, "Three.") == ["visible"]


def test_approved_words_are_not_held_again(community: Community) -> None:
    moderator, writer = community.moderator(), community.member()
    reply = community.reply(writer, body="Harmless.")
    community.admin.ok("PUT", "/moderation/policy", {"with_links": True})
    url = f"/replies/{reply['id']}"
    assert writer.ok("PATCH", url, {"body": A_LINK})["state"] == "held"
    decided(moderator, claim_next(moderator), "approve")
    assert writer.ok("PATCH", url, {"body": "Without."})["state"] == "visible"
    assert writer.ok("PATCH", url, {"body": A_LINK})["state"] == "visible"
    assert writer.ok("PATCH", url, {"body": f"{A_LINK} And"})["state"] == "held"


def test_approved_words_are_held_where_nobody_has_approved_them(community: Community) -> None:
    moderator, writer = community.moderator(), community.member()
    thread = community.thread(community.admin)
    community.admin.ok("PUT", "/moderation/policy", {"with_links": True})
    assert states(writer, thread, A_LINK) == ["held"]
    decided(moderator, claim_next(moderator), "approve")
    assert states(writer, thread, A_LINK) == ["held"]


@on_one_database
def test_all_waits_of_whom_a_moderator_has_said_so(community: Community, session: Session) -> None:
    writer, thread = community.member(), community.thread(community.admin)
    sanction_id = put_into_force(community, writer, "hold-all")
    assert states(writer, thread, "Hm.") == ["held"]
    assert session.scalars(select(Evidence.why)).all() == [{"sanction_id": sanction_id}]


def test_who_is_slowed_down_is_told_when_to_go_on(community: Community, let_pass: LetPass) -> None:
    writer, thread = community.member(), community.thread(community.admin)
    put_into_force(community, writer, "slow", minutes=10)
    assert states(writer, thread, "One.") == ["visible"]
    let_pass(minutes=4)
    early = writer.post(f"/threads/{thread['id']}/replies", {"body": "Two."})
    assert (early.status_code, early.json["code"]) == (429, "too-soon")
    assert 300 < int(early.headers["Retry-After"]) <= 360
    let_pass(minutes=6)
    assert states(writer, thread, "Two.") == ["visible"]


def test_an_edit_of_what_waits_goes_on_waiting(community: Community) -> None:
    writer, thread = community.member(), community.thread(community.admin)
    community.admin.ok("PUT", "/moderation/policy", {"with_links": True})
    url = f"/threads/{thread['id']}/replies"
    reply = writer.ok("POST", url, {"body": A_LINK})
    edited = writer.ok("PATCH", f"/replies/{reply['id']}", {"body": "Without."})
    assert (edited["state"], edited["body"]) == ("held", "Without.")
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404
    moderator = community.moderator()
    decided(moderator, claim_next(moderator), "approve")
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["body"] == "Without."


@on_one_database
def test_only_admins_change_policies(community: Community) -> None:
    moderator = community.moderator()
    answer = moderator.put("/moderation/policy", {"everybody": True})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@on_one_database
def test_a_policy_of_no_post_is_not_found(community: Community) -> None:
    answer = community.admin.put("/moderation/posts/nowhere/policy", {})
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_by_default_looking_asks_nothing_of_its_own(app: Flask, community: Community) -> None:
    writer, thread = community.member(), community.thread()
    with recorded(app) as sent:
        assert states(writer, thread, "Yes.") == ["visible"]
    looks = [each.sql for each in sent if "versions" in each.sql or "watch_rules" in each.sql]
    assert ["sign_ins" in look for look in looks] == [True]
