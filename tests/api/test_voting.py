"""Votes on threads and replies: one per member, never on one's own."""

from typing import Any

import pytest

from tests.community import Community, Json, Person
from tests.databases import on_one_database

every_kind = pytest.mark.parametrize("kind", ["threads", "replies"])


def item(community: Community, kind: str, by: Person | None = None) -> str:
    made: Json = community.thread(by) if kind == "threads" else community.reply(by)
    return f"/{kind}/{made['id']}"


@every_kind
def test_a_vote_counts_and_is_shown_to_its_voter(community: Community, kind: str) -> None:
    address, voter = item(community, kind), community.member()
    answer = voter.ok("PUT", address + "/vote", {"value": 1})
    assert answer == {"votes": {"up": 1, "down": 0, "score": 1}, "my_vote": 1}
    assert voter.ok("GET", address)["my_vote"] == 1
    assert community.member().ok("GET", address)["my_vote"] is None
    assert "my_vote" not in community.passer_by.ok("GET", address)


@every_kind
def test_the_same_vote_again_changes_nothing(community: Community, kind: str) -> None:
    address, voter = item(community, kind), community.member()
    first = voter.ok("PUT", address + "/vote", {"value": -1})
    assert voter.ok("PUT", address + "/vote", {"value": -1}) == first
    assert first["votes"] == {"up": 0, "down": 1, "score": -1}


@every_kind
def test_another_vote_replaces_the_first(community: Community, kind: str) -> None:
    address, voter = item(community, kind), community.member()
    voter.ok("PUT", address + "/vote", {"value": 1})
    answer = voter.ok("PUT", address + "/vote", {"value": -1})
    assert answer == {"votes": {"up": 0, "down": 1, "score": -1}, "my_vote": -1}


@every_kind
def test_a_vote_can_be_withdrawn_and_that_again(community: Community, kind: str) -> None:
    address, voter = item(community, kind), community.member()
    voter.ok("PUT", address + "/vote", {"value": 1})
    for _ in range(2):
        answer = voter.ok("DELETE", address + "/vote")
        assert answer == {"votes": {"up": 0, "down": 0, "score": 0}, "my_vote": None}


@every_kind
def test_votes_of_members_add_up(community: Community, kind: str) -> None:
    address = item(community, kind)
    for value in (1, 1, -1, 1):
        community.member().ok("PUT", address + "/vote", {"value": value})
    votes = community.passer_by.ok("GET", address)["votes"]
    assert votes == {"up": 3, "down": 1, "score": 2}


@every_kind
def test_nobody_votes_on_their_own_words(community: Community, kind: str) -> None:
    author = community.member()
    address = item(community, kind, author)
    for answer in (author.put(address + "/vote", {"value": 1}), author.delete(address + "/vote")):
        assert (answer.status_code, answer.json["code"]) == (403, "self-vote")


@every_kind
def test_a_passer_by_must_sign_in(community: Community, kind: str) -> None:
    answer = community.passer_by.put(item(community, kind) + "/vote", {"value": 1})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


@on_one_database
@pytest.mark.parametrize("value", [0, 2, -2, 1.5, "1", True, None, [1]])
def test_a_vote_is_one_up_or_one_down(community: Community, value: Any) -> None:
    answer = community.member().put(item(community, "threads") + "/vote", {"value": value})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/value")


def test_votes_never_touch_the_path(community: Community) -> None:
    reply = community.reply(path="technical-path")
    for _ in range(5):
        community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": -1})
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["path"] == reply["path"]
