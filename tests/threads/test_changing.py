"""Changing threads and taking them back."""

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json, Person


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor")


@pytest.fixture
def thread(community: Community, noor: Person) -> Json:
    return community.thread(noor, title="Stay?", body="Or go?")


def address(thread: Json) -> str:
    return f"/threads/{thread['id']}"


def test_authors_change_what_they_wrote(community: Community, noor: Person, thread: Json) -> None:
    changed = noor.ok("PATCH", address(thread), {"title": None, "body": "Or *go*?"})
    assert (changed["title"], changed["body"]) == (None, "Or *go*?")
    assert changed["body_html"] == "<p>Or <em>go</em>?</p>\n"
    assert changed["edited_at"].endswith("Z")
    assert community.passer_by.ok("GET", address(thread))["body"] == "Or *go*?"


def test_what_is_not_named_stays(noor: Person, thread: Json) -> None:
    changed = noor.ok("PATCH", address(thread), {"title": "Leave?"})
    assert (changed["title"], changed["body"]) == ("Leave?", "Or go?")


@pytest.mark.parametrize("same", [{}, {"title": "Stay?", "body": "Or go?"}])
def test_a_change_to_the_same_is_no_edit(noor: Person, thread: Json, same: Json) -> None:
    assert noor.ok("PATCH", address(thread), same)["edited_at"] is None


def test_moderators_change_what_others_wrote(community: Community, thread: Json) -> None:
    changed = community.moderator().ok("PATCH", address(thread), {"title": "Stay or go?"})
    assert (changed["title"], changed["author"]["username"]) == ("Stay or go?", "noor")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_others_neither_change_nor_delete(community: Community, thread: Json, method: str) -> None:
    body = {"title": "Mine"} if method == "PATCH" else None
    answer = community.member().call(method, address(thread), json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert community.passer_by.call(method, address(thread), json=body).status_code == 401


def test_a_thread_is_not_changed_over_a_newer_one(noor: Person, thread: Json) -> None:
    seen = noor.get(address(thread)).headers["ETag"]
    newer = noor.ok("PATCH", address(thread), {"body": "Newer."})
    late = noor.patch(address(thread), {"body": "Late."}, headers={"If-Match": seen})
    assert (late.status_code, late.json["code"]) == (412, "precondition-failed")
    assert late.json["current"] == newer


def test_the_state_in_a_failed_precondition_can_be_built_upon(noor: Person, thread: Json) -> None:
    late = noor.patch(address(thread), {"body": "Late."}, headers={"If-Match": '"old"'})
    headers = {"If-Match": late.headers["ETag"]}
    assert noor.patch(address(thread), {"body": "New."}, headers=headers).status_code == 200


@pytest.mark.parametrize("any_state", ["*", '"old", {}'])
def test_a_thread_is_changed_by_who_has_seen_it(noor: Person, thread: Json, any_state: str) -> None:
    seen = noor.get(address(thread)).headers["ETag"]
    headers = {"If-Match": any_state.format(seen)}
    assert noor.patch(address(thread), {"body": "New."}, headers=headers).status_code == 200


def test_a_deleted_thread_nobody_answered_is_gone(
    community: Community, noor: Person, thread: Json
) -> None:
    answer = noor.delete(address(thread))
    assert (answer.status_code, answer.data) == (204, b"")
    assert community.passer_by.get(address(thread)).status_code == 404
    assert community.passer_by.get(address(thread) + "/replies").status_code == 404


def test_a_deleted_thread_no_longer_counts(community: Community, noor: Person) -> None:
    post = community.post()
    noor.delete(address(community.thread(noor, post)))
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    threads = community.passer_by.ok("GET", f"/posts/{post['slug']}/threads")
    assert (shown["thread_count"], threads["items"]) == (0, [])


def test_a_deleted_thread_that_was_answered_leaves_a_tombstone(
    community: Community, noor: Person, thread: Json
) -> None:
    reply = community.reply(thread=thread)
    noor.delete(address(thread))
    shown = community.passer_by.ok("GET", address(thread))
    told = ("state", "author", "title", "body", "body_html", "reply_count")
    assert [shown[name] for name in told] == ["deleted", None, None, None, None, 1]
    tree = community.passer_by.ok("GET", address(thread) + "/replies")
    assert [node["id"] for node in tree["items"]] == [reply["id"]]


def test_a_tombstone_tells_no_votes(community: Community, noor: Person, thread: Json) -> None:
    community.reply(thread=thread)
    community.member().ok("PUT", address(thread) + "/vote", {"value": -1})
    noor.delete(address(thread))
    votes = community.passer_by.ok("GET", address(thread))["votes"]
    assert votes == {"up": 0, "down": 0, "score": 0}


def test_a_tombstone_goes_with_its_last_reply(
    community: Community, noor: Person, thread: Json
) -> None:
    author = community.member()
    reply = community.reply(author, thread)
    noor.delete(address(thread))
    author.delete(f"/replies/{reply['id']}")
    assert community.passer_by.get(address(thread)).status_code == 404


def test_nothing_can_be_done_with_a_tombstone(
    community: Community, noor: Person, thread: Json
) -> None:
    community.reply(thread=thread)
    noor.delete(address(thread))
    moderator, voter = community.moderator(), community.member()
    for answer in (
        noor.patch(address(thread), {"body": "Back."}),
        noor.delete(address(thread)),
        moderator.delete(address(thread)),
        voter.put(address(thread) + "/vote", {"value": 1}),
        voter.post(address(thread) + "/replies", {"body": "Late."}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "thread-gone")


def test_what_was_answered_can_be_locked_though_the_opening_is_gone(
    community: Community, noor: Person, thread: Json
) -> None:
    community.reply(thread=thread)
    noor.delete(address(thread))
    locked = community.moderator().ok("PUT", address(thread) + "/lock", {"reason": "Enough."})
    assert (locked["state"], locked["locked"]) == ("deleted", True)


def test_the_time_of_an_edit_is_told(noor: Person, thread: Json, let_pass: LetPass) -> None:
    let_pass(hours=1)
    changed = noor.ok("PATCH", address(thread), {"body": "Later."})
    assert changed["edited_at"] > changed["created_at"] == thread["created_at"]
