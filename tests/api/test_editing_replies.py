"""Changing replies and taking them back."""

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json, Person


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor")


@pytest.fixture
def reply(community: Community, noor: Person) -> Json:
    return community.reply(noor, body="Stay.")


def address(reply: Json) -> str:
    return f"/replies/{reply['id']}"


def revisions(community: Community, reply: Json) -> list[Json]:
    items: list[Json] = community.passer_by.ok("GET", f"{address(reply)}/revisions")["items"]
    return items


def test_authors_change_what_they_wrote(noor: Person, reply: Json) -> None:
    changed = noor.ok("PATCH", address(reply), {"body": "*Go.*"})
    assert (changed["body"], changed["body_html"]) == ("*Go.*", "<p><em>Go.</em></p>\n")
    assert changed["edited_at"].endswith("Z")


def test_moderators_change_what_others_wrote(community: Community, reply: Json) -> None:
    changed = community.moderator().ok("PATCH", address(reply), {"body": "Go."})
    assert (changed["body"], changed["author"]["username"]) == ("Go.", "noor")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_others_neither_change_nor_delete(community: Community, reply: Json, method: str) -> None:
    body = {"body": "Mine."} if method == "PATCH" else None
    answer = community.member().call(method, address(reply), json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
    assert community.passer_by.call(method, address(reply), json=body).status_code == 401


def test_what_it_said_before_stays_among_its_revisions(
    community: Community, noor: Person, reply: Json, let_pass: LetPass
) -> None:
    for body in ("Go.", "Stay after all."):
        let_pass(minutes=5)
        noor.ok("PATCH", address(reply), {"body": body})
    told = revisions(community, reply)
    assert [revision["body"] for revision in told] == ["Go.", "Stay."]
    assert told[1]["written_at"] == reply["created_at"]
    assert told[0]["written_at"] == told[1]["replaced_at"] < told[0]["replaced_at"]


def test_a_new_reply_has_no_revisions(community: Community, reply: Json) -> None:
    assert revisions(community, reply) == []


def test_a_change_to_the_same_is_no_edit(community: Community, noor: Person, reply: Json) -> None:
    assert noor.ok("PATCH", address(reply), {"body": "Stay."})["edited_at"] is None
    assert revisions(community, reply) == []


def test_revisions_are_paged(community: Community, noor: Person, reply: Json) -> None:
    for number in range(3):
        noor.ok("PATCH", address(reply), {"body": f"Stay {number}."})
    first = community.passer_by.ok("GET", f"{address(reply)}/revisions?limit=2")
    second = community.passer_by.ok("GET", first["page"]["next"])
    bodies = [revision["body"] for revision in first["items"] + second["items"]]
    assert bodies == ["Stay 1.", "Stay 0.", "Stay."]


def test_an_edit_keeps_ballots_and_votes(community: Community, noor: Person, reply: Json) -> None:
    community.cast(reply, technical=3)
    community.member().ok("PUT", f"{address(reply)}/vote", {"value": 1})
    changed = noor.ok("PATCH", address(reply), {"body": "Go."})
    assert (changed["path"]["path"], changed["votes"]["score"]) == ("technical-path", 1)


def test_a_reply_is_not_changed_over_a_newer_one(noor: Person, reply: Json) -> None:
    seen = noor.get(address(reply)).headers["ETag"]
    newer = noor.ok("PATCH", address(reply), {"body": "Newer."})
    late = noor.patch(address(reply), {"body": "Late."}, headers={"If-Match": seen})
    assert (late.status_code, late.json["code"]) == (412, "precondition-failed")
    assert late.json["current"] == newer


def test_a_deleted_reply_nobody_answered_is_gone(
    community: Community, noor: Person, reply: Json
) -> None:
    assert noor.delete(address(reply)).status_code == 204
    assert community.passer_by.get(address(reply)).status_code == 404
    tree = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}/replies")
    assert tree["items"] == []


def test_a_deleted_reply_that_was_answered_leaves_a_tombstone(
    community: Community, noor: Person, reply: Json
) -> None:
    below = community.reply(to=reply)
    noor.delete(address(reply))
    tree = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}/replies")["items"]
    assert [(node["id"], node["state"]) for node in tree] == [
        (reply["id"], "deleted"),
        (below["id"], "visible"),
    ]
    hidden = {name: tree[0][name] for name in ("author", "body", "body_html")}
    assert hidden == {"author": None, "body": None, "body_html": None}
    assert (tree[0]["reply_count"], tree[0]["more"]) == (1, None)


def test_a_tombstone_goes_with_what_was_below_it(
    community: Community, noor: Person, reply: Json
) -> None:
    below = community.reply(noor, to=community.reply(noor, to=reply))
    middle = {"id": below["parent_id"]}
    for gone in (reply, middle, below):
        assert noor.delete(address(gone)).status_code == 204
    for gone in (reply, middle, below):
        assert community.passer_by.get(address(gone)).status_code == 404


def test_nothing_can_be_done_with_a_tombstone(
    community: Community, noor: Person, reply: Json
) -> None:
    community.reply(to=reply)
    noor.delete(address(reply))
    moderator, member = community.moderator(), community.member()
    for answer in (
        noor.patch(address(reply), {"body": "Back."}),
        noor.delete(address(reply)),
        noor.put(f"{address(reply)}/path", {"path": None}),
        moderator.put(f"{address(reply)}/pin", {"path": None, "reason": "Late."}),
        member.put(f"{address(reply)}/vote", {"value": 1}),
        member.put(f"{address(reply)}/ballot", {"path": "neither"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")


def test_revisions_of_a_tombstone_are_not_told(
    community: Community, noor: Person, reply: Json
) -> None:
    community.reply(to=reply)
    noor.ok("PATCH", address(reply), {"body": "Go."})
    noor.delete(address(reply))
    assert community.passer_by.get(f"{address(reply)}/revisions").status_code == 404
