"""Leaving: the account goes; what was written stays under "deleted member", or goes, too."""

import pytest

from tests.apps import Answer
from tests.community import PASSWORD, Community, Json, Person

DELETED_MEMBER = {
    "username": "deleted-member",
    "display_name": "deleted member",
    "role": "member",
}


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def erase(person: Person, content: str = "keep", password: str = PASSWORD) -> Answer:
    return person.post("/me/erasure", {"password": password, "content": content})


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
