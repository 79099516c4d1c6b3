"""Undoing what moderators did."""

from typing import Any

import pytest

from tests.community import PASSWORD, Community, Json, Person
from tests.worker import work_off


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


def last_group(moderator: Person) -> int:
    group: int = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    return group


def undo(moderator: Person, group: int) -> Any:
    return moderator.post(f"/moderation/log/{group}/undo", {"reason": "By mistake."})


ACTS: list[tuple[str, str, Json | None]] = [
    ("DELETE", "/replies/{reply}?reason=Spam", None),
    ("DELETE", "/threads/{thread}?reason=Spam", None),
    ("PUT", "/threads/{thread}/lock", {"reason": "Enough."}),
    ("PUT", "/threads/{thread}/pin", None),
    ("PUT", "/replies/{reply}/pin", {"path": "management-path", "reason": "It is."}),
]


@pytest.mark.parametrize(("method", "address", "body"), ACTS, ids=[act[1] for act in ACTS])
def test_what_was_done_is_undone_and_done_again(
    community: Community, moderator: Person, method: str, address: str, body: Json | None
) -> None:
    reply = community.reply(path="technical-path")
    community.reply(to=reply)
    reads = [f"/threads/{reply['thread_id']}", f"/threads/{reply['thread_id']}/replies"]

    def seen() -> list[Json]:
        return [community.passer_by.ok("GET", each) for each in reads]

    before = seen()
    moderator.ok(method, address.format(reply=reply["id"], thread=reply["thread_id"]), body)
    after = seen()
    undoing = undo(moderator, last_group(moderator)).json["group"]
    assert seen() == before != after
    assert undo(moderator, undoing).status_code == 201
    assert seen() == after


def test_an_undone_group_cannot_be_undone_again(community: Community, moderator: Person) -> None:
    moderator.delete(f"/replies/{community.reply()['id']}")
    group = last_group(moderator)
    undoing = undo(moderator, group).json["group"]
    again = undo(moderator, group)
    assert (again.status_code, again.json["code"], again.json["group"]) == (
        409,
        "already-undone",
        undoing,
    )


def test_what_was_undone_and_done_again_can_be_undone(
    community: Community, moderator: Person
) -> None:
    moderator.delete(f"/replies/{community.reply()['id']}")
    group = last_group(moderator)
    undo(moderator, undo(moderator, group).json["group"])
    assert undo(moderator, group).status_code == 201


def test_what_was_changed_meanwhile_is_told_instead(
    community: Community, moderator: Person
) -> None:
    thread = f"/threads/{community.thread()['id']}"
    moderator.ok("PUT", f"{thread}/lock", {"reason": "Enough."})
    group = last_group(moderator)
    moderator.ok("DELETE", f"{thread}/lock")
    moderator.ok("PUT", f"{thread}/lock", {"reason": "Once more."})
    answer = undo(moderator, group)
    assert (answer.status_code, answer.json["code"]) == (409, "overtaken")
    assert [each["action"] for each in answer.json["since"]] == ["thread.lock", "thread.unlock"]
    assert community.passer_by.ok("GET", thread)["locked"] is True


def test_what_has_no_state_cannot_be_undone(community: Community, moderator: Person) -> None:
    community.post()
    assert undo(moderator, last_group(moderator)).json["code"] == "nothing-to-undo"


def test_nothing_is_restored_below_a_deleted_post(community: Community, moderator: Person) -> None:
    post = community.post()
    moderator.delete(f"/threads/{community.thread(post=post)['id']}")
    group = last_group(moderator)
    community.admin.delete(f"/posts/{post['slug']}")
    assert undo(moderator, group).json["code"] == "post-gone"


def test_a_group_that_never_was_is_not_found(moderator: Person) -> None:
    assert undo(moderator, 99).status_code == 404


def test_members_undo_nothing(community: Community, moderator: Person) -> None:
    moderator.delete(f"/replies/{community.reply()['id']}")
    assert undo(community.member(), last_group(moderator)).status_code == 403


def test_an_undo_names_who_did_it_and_why(community: Community, moderator: Person) -> None:
    moderator.delete(f"/replies/{community.reply()['id']}")
    other = community.moderator()
    undo(other, last_group(moderator))
    restored, undone = moderator.ok("GET", "/moderation/log?limit=2")["items"]
    assert (undone["action"], restored["action"]) == ("group.undo", "reply.undo")
    assert restored["actor"]["username"] == other.username
    assert restored["private"]["reason"] == "By mistake."


def test_what_a_moderator_made_of_a_reply_is_undone(
    community: Community, moderator: Person
) -> None:
    reply = f"/replies/{community.reply(body='As I wrote it.')['id']}"
    moderator.ok("PATCH", reply, {"body": "As others like it."})
    assert undo(moderator, last_group(moderator)).status_code == 201
    assert community.passer_by.ok("GET", reply)["body"] == "As I wrote it."


def test_what_a_moderator_made_of_a_thread_is_undone(
    community: Community, moderator: Person
) -> None:
    thread = f"/threads/{community.thread(title='Mine', body='As I wrote it.')['id']}"
    moderator.ok("PATCH", thread, {"title": "Ours", "body": "As others like it."})
    assert undo(moderator, last_group(moderator)).status_code == 201
    shown = community.passer_by.ok("GET", thread)
    assert (shown["title"], shown["body"]) == ("Mine", "As I wrote it.")


def test_the_log_keeps_no_words(community: Community, moderator: Person) -> None:
    reply = f"/replies/{community.reply(body='A quokka.')['id']}"
    moderator.ok("PATCH", reply, {"body": "Another quokka."})
    shown = moderator.get("/moderation/log?limit=1")
    assert shown.json["items"][0]["action"] == "reply.edit"
    assert "quokka" not in shown.text


def test_authors_who_edit_their_own_words_are_not_logged(
    community: Community, moderator: Person
) -> None:
    reply = f"/replies/{community.reply(moderator)['id']}"
    moderator.ok("PATCH", reply, {"body": "Better."})
    entries = moderator.ok("GET", "/moderation/log?action=reply.edit")["items"]
    assert entries == []


def test_words_that_are_destroyed_are_not_brought_back(
    community: Community, moderator: Person
) -> None:
    author = community.member(password=PASSWORD)
    thread = community.thread(author, title="Mine")
    community.reply(thread=thread)
    moderator.ok("PATCH", f"/threads/{thread['id']}", {"title": "Ours"})
    author.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "remove"})
    work_off(community.app)
    answer = undo(moderator, last_group(moderator))
    assert (answer.status_code, answer.json["code"]) == (409, "overtaken")
