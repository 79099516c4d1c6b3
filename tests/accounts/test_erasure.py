"""Leaving: the account goes; what was written stays under "deleted member", or goes, too."""

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from forum.core.db import writing
from forum.features import METADATA
from forum.notifications.models import Subscriber
from forum.portability.models import Erasure
from forum.replies import erasure as words
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.mail_servers import Mailbox
from tests.recount import counted_anew, stored
from tests.statements import recorded
from tests.worker import work_off

DELETED_MEMBER = {
    "username": "deleted-member",
    "display_name": "deleted member",
    "role": "member",
}


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def end_account(person: Person, content: str = "keep", password: str = PASSWORD) -> Answer:
    """Leave, and let nothing be done about it yet."""
    return person.post("/me/erasure", {"password": password, "content": content})


def erase(person: Person, content: str = "keep", password: str = PASSWORD) -> Answer:
    """Leave, and let everything be done about it."""
    answer = end_account(person, content, password)
    work_off(person.client.application)
    return answer


def everything_stored(session: Session) -> str:
    """All values of all tables."""
    rows = (session.execute(select(table)).all() for table in METADATA.sorted_tables)
    return repr([list(of_table) for of_table in rows])


def write(person: Person, community: Community, word: str) -> None:
    """Say a word wherever one can, take some of it back, and have some removed."""
    keyed = {"headers": {"Idempotency-Key": "one"}}
    post, moderator = community.post(), community.moderator()
    thread = community.thread(person, post, title=word, body=word)
    for address in (f"/threads/{thread['id']}", f"/replies/{community.reply(person)['id']}"):
        person.ok("PATCH", address, {"body": f"Rather: {word}"})
        person.ok("PATCH", address, {"body": "So."})
        person.ok("PATCH", address, {"body": word})
    person.ok("POST", f"/threads/{thread['id']}/replies", {"body": word}, **keyed)
    for who in (person, moderator):
        who.delete(f"/replies/{community.reply(person, body=word)['id']}")
        who.delete(f"/threads/{community.thread(person, post, body=word)['id']}")


def answered_thread(community: Community, by: Person) -> Json:
    thread = community.thread(by)
    community.reply(thread=thread)
    return thread


def test_erasure_is_accepted(noor: Person) -> None:
    assert erase(noor).status_code == 202


def test_erasure_takes_the_password(noor: Person) -> None:
    answer = erase(noor, password="another quiet harbour")
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-credentials")
    assert noor.get("/me").status_code == 200


def test_erasure_asks_what_becomes_of_the_words(noor: Person) -> None:
    answer = noor.post("/me/erasure", {"password": PASSWORD})
    assert answer.json["errors"][0]["pointer"] == "/content"


def test_an_erased_member_is_signed_out(noor: Person) -> None:
    erase(noor)
    assert noor.get("/me").json["code"] == "invalid-token"


def test_an_erased_member_cannot_sign_in(community: Community, noor: Person) -> None:
    erase(noor)
    for login in ("noor", "noor@example.org"):
        answer = community.passer_by.post("/auth/login", {"login": login, "password": PASSWORD})
        assert answer.json["code"] == "invalid-credentials"


def test_an_erased_member_has_no_profile(community: Community, noor: Person) -> None:
    erase(noor)
    for name in ("noor", "deleted-member"):
        assert community.passer_by.get(f"/users/{name}").status_code == 404


def test_name_and_address_of_an_erased_member_are_free(community: Community, noor: Person) -> None:
    erase(noor)
    body = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}
    assert community.passer_by.post("/auth/register", body).status_code == 201


def test_kept_words_stay_under_a_deleted_member(community: Community, noor: Person) -> None:
    thread = community.thread(noor, title="Stay?", body="Or go?")
    reply = community.reply(noor, thread, body="I stayed.")
    erase(noor, "keep")
    shown_thread = community.passer_by.ok("GET", f"/threads/{thread['id']}")
    shown_reply = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert (shown_thread["author"], shown_thread["body"]) == (DELETED_MEMBER, "Or go?")
    assert (shown_reply["author"], shown_reply["body"]) == (DELETED_MEMBER, "I stayed.")


def test_removed_words_are_gone(community: Community, noor: Person) -> None:
    thread, reply = community.thread(noor), community.reply(noor)
    erase(noor, "remove")
    assert community.passer_by.get(f"/threads/{thread['id']}").status_code == 404
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404


def test_removed_words_that_were_answered_leave_tombstones(
    community: Community, noor: Person
) -> None:
    thread = answered_thread(community, noor)
    reply = community.reply(noor)
    community.reply(to=reply)
    erase(noor, "remove")
    for address in (f"/threads/{thread['id']}", f"/replies/{reply['id']}"):
        shown = community.passer_by.ok("GET", address)
        assert (shown["state"], shown["author"], shown["body"]) == ("deleted", None, None)


def test_removed_words_no_longer_count(community: Community, noor: Person) -> None:
    post = community.post()
    thread = community.thread(post=post)
    community.thread(noor, post)
    community.reply(noor, thread)
    erase(noor, "remove")
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (shown["thread_count"], shown["reply_count"]) == (1, 0)


def test_removed_words_leave_the_words_of_others(community: Community, noor: Person) -> None:
    theirs = community.reply(thread=community.thread(noor))
    erase(noor, "remove")
    assert community.passer_by.ok("GET", f"/replies/{theirs['id']}")["body"] == theirs["body"]


def test_no_table_holds_what_was_removed(
    community: Community, session: Session, noor: Person
) -> None:
    write(noor, community, "unmistakable")
    assert "unmistakable" in everything_stored(session)
    session.rollback()
    erase(noor, "remove")
    assert "unmistakable" not in everything_stored(session)


@pytest.mark.parametrize("content", ["keep", "remove"])
def test_no_table_holds_name_or_address_of_an_erased_member(
    community: Community, session: Session, content: str
) -> None:
    account = {"username": "noorjahan", "email": "noorjahan@example.org", "password": PASSWORD}
    keyed = {"headers": {"Idempotency-Key": "one"}}
    community.passer_by.ok("POST", "/auth/register", account, **keyed)
    login = {"login": "noorjahan", "password": PASSWORD}
    tokens = community.passer_by.ok("POST", "/auth/login", login)
    noor = Person(community.client, token=tokens["access_token"])
    noor.ok("POST", f"/threads/{community.thread()['id']}/replies", {"body": "Stay."}, **keyed)
    assert "noorjahan" in everything_stored(session)
    session.rollback()
    erase(noor, content)
    assert "noorjahan" not in everything_stored(session)


def test_answers_to_others_under_the_same_key_are_kept(community: Community, noor: Person) -> None:
    thread, other = community.thread(), community.member()
    address, body = f"/threads/{thread['id']}/replies", {"body": "Stay."}
    keyed = {"headers": {"Idempotency-Key": "one"}}
    noor.post(address, body, **keyed)
    first = other.post(address, body, **keyed)
    erase(noor)
    assert other.post(address, body, **keyed).data == first.data


def test_a_request_that_erases_is_the_same_work_however_much_was_written(
    app: Flask, community: Community
) -> None:
    def statements(number: int) -> int:
        leaver = community.member(password=PASSWORD)
        thread = community.thread(leaver)
        for _ in range(number):
            community.reply(leaver, thread, path="technical-path")
        with recorded(app) as sent:
            assert end_account(leaver, "remove").status_code == 202
        return len(sent)

    assert statements(1) == statements(9)


def test_words_stay_under_a_deleted_member_until_they_are_destroyed(
    community: Community, noor: Person
) -> None:
    reply = community.reply(noor, body="I stayed.")
    end_account(noor, "remove")
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert (shown["author"], shown["body"]) == (DELETED_MEMBER, "I stayed.")
    work_off(community.app)
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404


def test_erasure_goes_on_where_a_killed_worker_stopped(
    community: Community, noor: Person, session: Session
) -> None:
    replies = [community.reply(noor) for _ in range(5)]
    end_account(noor, "remove")
    leaver_id = session.scalars(select(Erasure.member_id)).one()
    first_part = next(words.words_of(session, leaver_id).parts(2))
    session.rollback()
    with writing():
        words.destroy(session, leaver_id, first_part)
        session.commit()
    work_off(community.app)
    for reply in replies:
        assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404
    assert stored(session) == counted_anew(session)


def test_an_erasure_looks_again_for_what_was_under_way(
    community: Community, noor: Person, session: Session, let_pass: LetPass
) -> None:
    erase(noor, "remove")
    assert session.scalars(select(Erasure.finished_at)).one() is None
    session.rollback()
    let_pass(minutes=2)
    work_off(community.app)
    assert session.execute(select(Erasure.due_at, Erasure.finished_at)).one()[0] is None
    assert session.scalars(select(Erasure.finished_at)).one() is not None


def test_ballots_and_votes_of_an_erased_member_keep_their_effect(
    community: Community, noor: Person
) -> None:
    reply = community.reply(path="technical-path")
    noor.ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    noor.ok("PUT", f"/replies/{reply['id']}/ballot", {"path": "management-path"})
    erase(noor, "remove")
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert (shown["votes"]["up"], shown["path"]["ballots"]["management-path"]) == (1, 1)


def test_an_address_that_leaves_is_mailed_no_more_as_a_guest_either(
    community: Community, noor: Person, session: Session
) -> None:
    key = {"email": "noor@example.org", "email_key": "noor@example.org"}
    with writing():
        session.execute(insert(Subscriber).values(**key, attempts=0))
        session.commit()
    erase(noor)
    assert session.scalars(select(Subscriber.email_key)).all() == []


def test_an_address_that_was_never_confirmed_keeps_the_mail_of_whose_it_is(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    thief = community.member("thief", password=PASSWORD, confirmed=False)
    thief.ok("POST", "/auth/email/change", {"email": "noor@example.org", "password": PASSWORD})
    community.passer_by.ok("POST", "/auth/link", {"email": "noor@example.org"})
    end_account(thief)
    work_off(community.app)
    assert "Sign in to Crossroads" in [str(mail.message["Subject"]) for mail in mailbox.mails]
