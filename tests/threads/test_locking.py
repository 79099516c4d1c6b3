"""Locked threads."""

import pytest

from tests.community import Community, Json, Person


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def locked(community: Community, moderator: Person) -> Json:
    thread = community.thread()
    lock: Json = moderator.ok("PUT", f"/threads/{thread['id']}/lock", {"reason": "Enough said."})
    return lock


def test_a_locked_thread_says_so(community: Community, locked: Json) -> None:
    assert locked["locked"]
    assert community.passer_by.ok("GET", f"/threads/{locked['id']}")["locked"]


def test_a_locked_thread_refuses_replies(community: Community, locked: Json) -> None:
    answer = community.member().post(f"/threads/{locked['id']}/replies", {"body": "One more."})
    assert (answer.status_code, answer.json["code"]) == (409, "thread-locked")


def test_a_locked_thread_refuses_answers_to_replies(
    community: Community, moderator: Person
) -> None:
    reply = community.reply()
    moderator.ok("PUT", f"/threads/{reply['thread_id']}/lock", {"reason": "Enough said."})
    body = {"body": "One more.", "parent_id": reply["id"]}
    answer = community.member().post(f"/threads/{reply['thread_id']}/replies", body)
    assert answer.json["code"] == "thread-locked"


def test_a_locked_thread_can_be_voted_on(community: Community, locked: Json) -> None:
    answer = community.member().put(f"/threads/{locked['id']}/vote", {"value": 1})
    assert answer.status_code == 200


def test_locking_twice_changes_nothing(moderator: Person, locked: Json) -> None:
    again = moderator.ok("PUT", f"/threads/{locked['id']}/lock", {"reason": "Enough said."})
    assert again == locked


def test_an_unlocked_thread_takes_replies(
    community: Community, moderator: Person, locked: Json
) -> None:
    unlocked = moderator.ok("DELETE", f"/threads/{locked['id']}/lock")
    assert not unlocked["locked"]
    assert community.reply(thread=locked)["thread_id"] == locked["id"]


def test_unlocking_what_is_not_locked_changes_nothing(
    community: Community, moderator: Person
) -> None:
    thread = community.thread()
    answer = moderator.delete(f"/threads/{thread['id']}/lock")
    assert (answer.status_code, answer.json["locked"]) == (200, False)


def test_locking_takes_a_reason(community: Community, moderator: Person) -> None:
    answer = moderator.put(f"/threads/{community.thread()['id']}/lock", {})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/reason")


def test_locking_takes_a_moderator(community: Community) -> None:
    opener = community.member()
    address = f"/threads/{community.thread(opener)['id']}/lock"
    assert opener.put(address, {"reason": "Mine."}).json["code"] == "forbidden"
    assert opener.delete(address).json["code"] == "forbidden"
    assert community.passer_by.put(address, {"reason": "Mine."}).status_code == 401
