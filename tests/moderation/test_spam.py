"""The check of spam: a text waits for its answer, and for people where there is none."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.db import db, writing
from forum.moderation.queue.models import Evidence
from forum.moderation.spam import commands as spam
from forum.moderation.spam.models import SpamCheck
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.moderation.acts import assert_everything_agrees
from tests.moderation.queue.scene import claim_next, decided, report
from tests.moderation.surgery.acts import merge, move, split
from tests.receiver import LOOPBACK, Call, Receiver
from tests.worker import work_off

KEY = "a-key-of-akismet"
AGENT = {"User-Agent": "A browser"}


@pytest.fixture
def community(make_community: Callable[..., Community], receiver: Receiver) -> Community:
    """A forum that asks the receiver, which takes everything for ham."""
    receiver.status, receiver.body = 200, b"false"
    return make_community(
        FORUM_AKISMET_KEY=KEY,
        FORUM_AKISMET_URL=f"http://127.0.0.1:{receiver.port}/1.1/",
        FORUM_OUTBOUND_ALLOWED=LOOPBACK,
    )


@pytest.fixture
def session(community: Community) -> Iterator[Session]:
    with community.app.app_context():
        yield db.session()


@pytest.fixture
def writer(community: Community) -> Person:
    return community.member("noor")


@pytest.fixture
def thread(community: Community) -> Json:
    return community.thread(community.admin)


def write(by: Person, thread: Json, body: str = "Buy this.") -> Json:
    """A new reply."""
    url = f"/threads/{thread['id']}/replies"
    written: Json = by.ok("POST", url, {"body": body}, headers=AGENT)
    return written


def state(community: Community, reply: Json) -> str:
    """What passers-by see."""
    answer = community.passer_by.get(f"/replies/{reply['id']}")
    return str(answer.json["state"]) if answer.status_code == 200 else "nothing"


def reasons(session: Session) -> list[Json]:
    """What moderators are told."""
    session.rollback()
    return [*session.scalars(select(Evidence.why))]


def test_ham_is_published_as_soon_as_that_is_known(
    community: Community, writer: Person, thread: Json, receiver: Receiver, session: Session
) -> None:
    reply = write(writer, thread)
    assert (reply["state"], state(community, reply), receiver.calls) == ("held", "nothing", [])
    work_off(community.app)
    assert state(community, reply) == "visible"
    assert community.passer_by.ok("GET", f"/threads/{thread['id']}")["reply_count"] == 1
    assert reasons(session) == []


@on_one_database
def test_akismet_is_asked_in_its_own_words(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    reply = write(writer, thread)
    work_off(community.app)
    (call,) = receiver.calls
    asked = {name: value for name, (value,) in parse_qs(call.body.decode()).items()}
    assert (call.path, asked.pop("comment_date_gmt")[-6:]) == ("/1.1/comment-check", "+00:00")
    assert asked == {
        "api_key": KEY,
        "blog": "http://127.0.0.1:8000",
        "user_ip": "127.0.0.1",
        "user_agent": "A browser",
        "permalink": reply["url"],
        "comment_type": "reply",
        "comment_author": "noor",
        "comment_author_email": "noor@example.org",
        "comment_content": "Buy this.",
    }


def test_spam_stays_held_and_comes_before_moderators(
    community: Community, writer: Person, thread: Json, receiver: Receiver, session: Session
) -> None:
    receiver.body = b"true"
    reply = write(writer, thread)
    work_off(community.app)
    assert state(community, reply) == "nothing"
    assert reasons(session) == [{"spam_check": "spam"}]
    assert [item["id"] for item in writer.ok("GET", "/me/held")["items"]] == [reply["id"]]


@on_one_database
@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"invalid"), (302, b"false")])
def test_what_nobody_judges_stays_held(
    community: Community,
    writer: Person,
    thread: Json,
    receiver: Receiver,
    session: Session,
    let_pass: LetPass,
    status: int,
    body: bytes,
) -> None:
    receiver.status, receiver.body = status, body
    reply = write(writer, thread)
    work_off(community.app)
    assert reasons(session) == []
    for _ in range(2):
        let_pass(seconds=20)
        work_off(community.app)
    assert (len(receiver.calls), state(community, reply)) == (3, "nothing")
    (why,) = reasons(session)
    assert why["spam_check"] == "unknown"


@on_one_database
def test_a_service_that_comes_back_is_heard(
    community: Community, writer: Person, thread: Json, receiver: Receiver, let_pass: LetPass
) -> None:
    receiver.status = 500
    reply = write(writer, thread)
    work_off(community.app)
    receiver.status = 200
    let_pass(seconds=5)
    work_off(community.app)
    assert state(community, reply) == "visible"


@on_one_database
def test_an_edit_waits_for_the_answer(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    reply = write(writer, thread, "Harmless.")
    work_off(community.app)
    edited = writer.ok("PATCH", f"/replies/{reply['id']}", {"body": "Spam."})
    assert (edited["state"], state(community, reply)) == ("held", "nothing")
    work_off(community.app)
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert (shown["body"], len(receiver.calls)) == ("Spam.", 2)


@on_one_database
def test_new_words_are_not_let_go_by_the_answer_about_others(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    reply = write(writer, thread, "Harmless.")
    edits = [writer.ok]

    def edit_meanwhile(_: Call) -> int:
        if edits:
            edits.pop()("PATCH", f"/replies/{reply['id']}", {"body": "Spam."})
            return 200
        receiver.body = b"true"
        return 200

    receiver.answer = edit_meanwhile
    work_off(community.app)
    assert (len(receiver.calls), state(community, reply)) == (2, "nothing")


@on_one_database
def test_a_thread_waits_for_the_answer(community: Community, writer: Person) -> None:
    post = community.post()
    opened = writer.ok("POST", f"/posts/{post['slug']}/threads", {"body": "Well?"})
    assert opened["state"] == "held"
    work_off(community.app)
    assert community.passer_by.ok("GET", f"/threads/{opened['id']}")["state"] == "visible"


@on_one_database
def test_nobody_asks_about_what_moderators_write(
    community: Community, thread: Json, receiver: Receiver
) -> None:
    assert write(community.moderator(), thread)["state"] == "visible"
    work_off(community.app)
    assert receiver.calls == []


@on_one_database
def test_what_a_policy_holds_waits_for_people_alone(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    reply = write(writer, thread)
    work_off(community.app)
    assert (state(community, reply), receiver.calls) == ("nothing", [])


@on_one_database
def test_a_post_that_is_deleted_meanwhile_keeps_its_replies(
    community: Community, writer: Person
) -> None:
    post = community.post()
    reply = write(writer, community.thread(community.admin, post))
    community.admin.delete(f"/posts/{post['slug']}")
    work_off(community.app)
    assert state(community, reply) == "nothing"


@on_one_database
def test_the_service_is_told_what_is_no_spam(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    receiver.body = b"true"
    reply = write(writer, thread)
    work_off(community.app)
    moderator = community.moderator()
    decided(moderator, claim_next(moderator), "approve")
    work_off(community.app)
    assert state(community, reply) == "visible"
    assert [call.path for call in receiver.calls] == ["/1.1/comment-check", "/1.1/submit-ham"]


@on_one_database
@pytest.mark.parametrize(("reason", "told"), [("spam", ["/1.1/submit-spam"]), ("unkind", [])])
def test_the_service_is_told_what_is_spam(
    community: Community,
    writer: Person,
    thread: Json,
    receiver: Receiver,
    reason: str,
    told: list[str],
) -> None:
    reply = write(writer, thread)
    work_off(community.app)
    report(community, reply, reason=reason)
    moderator = community.moderator()
    decided(moderator, claim_next(moderator), "remove")
    work_off(community.app)
    assert [call.path for call in receiver.calls[1:]] == told


@on_one_database
def test_where_texts_of_the_erased_came_from_is_forgotten(
    community: Community, thread: Json, session: Session
) -> None:
    writer = community.member(password=PASSWORD)
    write(writer, thread)
    work_off(community.app)
    writer.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    work_off(community.app)
    session.rollback()
    assert session.scalars(select(SpamCheck.sender)).all() == [None]


@on_one_database
def test_where_a_text_came_from_is_kept_where_nobody_can_read_it(
    community: Community, writer: Person, thread: Json, session: Session
) -> None:
    write(writer, thread)
    session.rollback()
    assert "127.0.0.1" not in str(session.scalars(select(SpamCheck.sender)).one())


@on_one_database
def test_where_texts_came_from_is_forgotten(
    community: Community, writer: Person, thread: Json, session: Session, let_pass: LetPass
) -> None:
    write(writer, thread)
    work_off(community.app)
    for days, left in ((29, 1), (2, 0)):
        let_pass(days=days)
        session.rollback()
        with writing():
            spam.forget_old(session)
            session.commit()
        assert len(session.scalars(select(SpamCheck.id)).all()) == left


def test_ham_is_published_wherever_it_has_gone_meanwhile(
    community: Community, writer: Person, thread: Json
) -> None:
    moderator, into = community.moderator(), community.thread(community.admin)
    above = community.reply(community.admin, thread)
    body = {"body": "Well said.", "parent_id": above["id"]}
    reply = writer.ok("POST", f"/threads/{thread['id']}/replies", body)
    opened = split(moderator, above)
    move(moderator, opened, community.post())
    merge(moderator, opened, into)
    work_off(community.app)
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert (shown["state"], shown["thread_id"]) == ("visible", into["id"])
    assert_everything_agrees(community)


@on_one_database
def test_the_service_is_told_that_what_was_split_off_is_spam(
    community: Community, writer: Person, thread: Json, receiver: Receiver
) -> None:
    reply, moderator = write(writer, thread), community.moderator()
    work_off(community.app)
    report(community, split(moderator, reply), reason="spam")
    decided(moderator, claim_next(moderator), "remove")
    work_off(community.app)
    assert [call.path for call in receiver.calls[1:]] == ["/1.1/submit-spam"]
