"""Pins: moderators settle the path of a reply, whatever the ballots say."""

import pytest

from tests.community import Community, Json, Person

TECHNICAL, MANAGEMENT = "technical-path", "management-path"


def pin(moderator: Person, reply: Json, path: str | None) -> Json:
    """The path after a pin."""
    body = {"path": path, "reason": "Plainly so."}
    pinned: Json = moderator.ok("PUT", f"/replies/{reply['id']}/pin", body)
    return pinned


@pytest.mark.parametrize("path", [MANAGEMENT, None])
def test_a_pin_decides_against_everybody(
    community: Community, reply: Json, path: str | None
) -> None:
    community.cast(reply, technical=5)
    pinned = pin(community.moderator(), reply, path)
    assert (pinned["path"], pinned["source"], pinned["contested"]) == (path, "moderator", False)
    assert pinned["pin"]["path"] == path


def test_a_pin_tells_its_reason_and_time(community: Community, reply: Json) -> None:
    shown = pin(community.moderator(), reply, MANAGEMENT)["pin"]
    assert (shown["path"], shown["reason"], shown["at"][-1]) == (MANAGEMENT, "Plainly so.", "Z")


def test_ballots_under_a_pin_count_when_it_is_lifted(community: Community, reply: Json) -> None:
    moderator = community.moderator()
    pin(moderator, reply, TECHNICAL)
    pinned = community.cast(reply, management=3)
    lifted = moderator.ok("DELETE", f"/replies/{reply['id']}/pin")
    assert (pinned["path"], pinned["source"]) == (TECHNICAL, "moderator")
    assert (lifted["path"], lifted["source"], lifted["pin"]) == (MANAGEMENT, "community", None)


def test_a_second_pin_replaces_the_first(community: Community, reply: Json) -> None:
    moderator = community.moderator()
    pin(moderator, reply, MANAGEMENT)
    assert pin(moderator, reply, None)["path"] is None


def test_lifting_a_pin_that_is_not_there_changes_nothing(community: Community, reply: Json) -> None:
    assert community.moderator().ok("DELETE", f"/replies/{reply['id']}/pin") == reply["path"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_moderators_pin(author: Person, reply: Json, method: str) -> None:
    body = {"path": MANAGEMENT, "reason": "Mine."} if method == "PUT" else None
    answer = author.call(method, f"/replies/{reply['id']}/pin", json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
