"""Moderators take away what others wrote."""

import pytest

from tests.community import Community, Json, Person


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


def test_a_removed_thread_nobody_answered_is_gone(community: Community, moderator: Person) -> None:
    thread = community.thread()
    answer = moderator.delete(f"/threads/{thread['id']}?reason=Spam")
    assert (answer.status_code, answer.data) == (204, b"")
    assert community.passer_by.get(f"/threads/{thread['id']}").status_code == 404


def test_a_removed_reply_nobody_answered_is_gone(community: Community, moderator: Person) -> None:
    reply = community.reply()
    assert moderator.delete(f"/replies/{reply['id']}?reason=Spam").status_code == 204
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404


def test_a_reason_may_be_left_out(community: Community, moderator: Person) -> None:
    assert moderator.delete(f"/replies/{community.reply()['id']}").status_code == 204


def test_a_removed_thread_that_was_answered_leaves_a_tombstone(
    community: Community, moderator: Person
) -> None:
    thread = community.thread(title="Secret", body="Secret")
    community.reply(thread=thread)
    moderator.delete(f"/threads/{thread['id']}?reason=Spam")
    shown = community.passer_by.get(f"/threads/{thread['id']}")
    assert shown.json["state"] == "removed"
    assert "Secret" not in shown.text


def test_a_removed_reply_that_was_answered_leaves_a_tombstone(
    community: Community, moderator: Person
) -> None:
    reply = community.reply(body="Secret", path="technical-path")
    community.reply(to=reply)
    moderator.delete(f"/replies/{reply['id']}?reason=Spam")
    shown = community.passer_by.get(f"/replies/{reply['id']}")
    assert (shown.json["state"], shown.json["author"]) == ("removed", None)
    assert shown.json["path"]["path"] is shown.json["path"]["declared"] is None
    assert "Secret" not in shown.text


def test_moderators_deleting_their_own_words_delete(
    community: Community, moderator: Person
) -> None:
    reply = community.reply(moderator)
    community.reply(to=reply)
    moderator.delete(f"/replies/{reply['id']}?reason=Spam")
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["state"] == "deleted"


def test_a_member_removes_nothing_of_others(community: Community) -> None:
    reply = community.reply()
    for address in (f"/replies/{reply['id']}", f"/threads/{reply['thread_id']}"):
        answer = community.member().delete(address)
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_what_is_gone_cannot_be_removed_again(community: Community, moderator: Person) -> None:
    reply = community.reply()
    community.reply(to=reply)
    moderator.delete(f"/replies/{reply['id']}")
    answer = moderator.delete(f"/replies/{reply['id']}")
    assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")


def test_removed_words_no_longer_count(community: Community, moderator: Person) -> None:
    post = community.post()
    thread = community.thread(post=post)
    reply = community.reply(thread=thread, path="technical-path")
    moderator.delete(f"/replies/{reply['id']}")
    shown = community.passer_by.ok("GET", f"/threads/{thread['id']}")
    counts: Json = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (shown["reply_count"], shown["last_reply_at"]) == (0, None)
    assert (counts["reply_count"], counts["balance"]["technical"]) == (0, 0)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_pinning_a_thread_takes_a_moderator(community: Community, method: str) -> None:
    opener = community.member()
    answer = opener.call(method, f"/threads/{community.thread(opener)['id']}/pin")
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
