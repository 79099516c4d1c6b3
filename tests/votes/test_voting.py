"""Votes on threads and replies."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.statements import recorded

NONE = {"up": 0, "down": 0, "score": 0}


@pytest.fixture
def author(community: Community) -> Person:
    return community.member()


@pytest.fixture(params=["threads", "replies"])
def target(request: pytest.FixtureRequest, community: Community, author: Person) -> str:
    """The address of something to vote on."""
    kind: str = request.param
    written = community.thread(author) if kind == "threads" else community.reply(author)
    return f"/{kind}/{written['id']}"


def vote(person: Person, target: str, value: int) -> Json:
    answer: Json = person.ok("PUT", f"{target}/vote", {"value": value})
    return answer


@pytest.mark.parametrize(
    ("value", "votes"),
    [(1, {"up": 1, "down": 0, "score": 1}), (-1, {"up": 0, "down": 1, "score": -1})],
)
def test_a_vote_counts_at_once(community: Community, target: str, value: int, votes: Json) -> None:
    assert vote(community.member(), target, value) == {"votes": votes, "my_vote": value}


def test_the_same_vote_again_changes_nothing(community: Community, target: str) -> None:
    voter = community.member()
    assert vote(voter, target, 1) == vote(voter, target, 1)


def test_another_vote_replaces_the_former(community: Community, target: str) -> None:
    voter = community.member()
    vote(voter, target, 1)
    votes = {"up": 0, "down": 1, "score": -1}
    assert vote(voter, target, -1) == {"votes": votes, "my_vote": -1}


def test_votes_of_several_members_add_up(community: Community, target: str) -> None:
    for value in (1, 1, 1, -1):
        vote(community.member(), target, value)
    votes = community.passer_by.ok("GET", target)["votes"]
    assert votes == {"up": 3, "down": 1, "score": 2}


def test_an_edit_keeps_votes(community: Community, author: Person, target: str) -> None:
    votes = vote(community.member(), target, 1)["votes"]
    assert author.ok("PATCH", target, {"body": "On second thoughts."})["votes"] == votes


def test_a_vote_is_withdrawn_and_that_again(community: Community, target: str) -> None:
    voter = community.member()
    vote(voter, target, -1)
    for _ in range(2):
        assert voter.ok("DELETE", f"{target}/vote") == {"votes": NONE, "my_vote": None}


def test_withdrawing_what_was_not_cast_changes_nothing(community: Community, target: str) -> None:
    withdrawn = community.member().ok("DELETE", f"{target}/vote")
    assert withdrawn == {"votes": NONE, "my_vote": None}


def test_nobody_votes_on_their_own_words(author: Person, target: str) -> None:
    answers = [author.put(f"{target}/vote", {"value": 1}), author.delete(f"{target}/vote")]
    assert [(a.status_code, a.json["code"]) for a in answers] == [(403, "self-vote")] * 2


def test_passers_by_must_sign_in_to_vote(community: Community, target: str) -> None:
    answer = community.passer_by.put(f"{target}/vote", {"value": 1})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


@on_one_database
@pytest.mark.parametrize("value", [0, 2, -2, "1", 1.5, True, None, [1]])
def test_a_vote_is_plus_or_minus_one(community: Community, target: str, value: object) -> None:
    answer = community.member().put(f"{target}/vote", {"value": value})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/value")


def test_what_does_not_exist_takes_no_votes(community: Community, target: str) -> None:
    nowhere = target.rpartition("/")[0] + "/987654321/vote"
    assert community.member().put(nowhere, {"value": 1}).status_code == 404


def test_members_see_their_own_vote(community: Community, target: str) -> None:
    voter = community.member()
    vote(voter, target, -1)
    seen = [person.ok("GET", target)["my_vote"] for person in (voter, community.member())]
    assert seen == [-1, None]


def test_passers_by_are_told_of_no_vote_of_theirs(community: Community, target: str) -> None:
    assert "my_vote" not in community.passer_by.ok("GET", target)


def test_a_tombstone_takes_no_votes(community: Community, author: Person) -> None:
    reply = community.reply(author)
    community.reply(to=reply)
    author.ok("DELETE", f"/replies/{reply['id']}")
    answer = community.member().put(f"/replies/{reply['id']}/vote", {"value": 1})
    assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")


def test_voting_waits_for_a_confirmed_address_where_that_is_asked(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_REQUIRE_CONFIRMED_EMAIL="true")
    newcomer = community.member(confirmed=False)
    answer = newcomer.put(f"/replies/{community.reply()['id']}/vote", {"value": 1})
    assert (answer.status_code, answer.json["code"]) == (403, "email-not-confirmed")


def test_voting_needs_no_confirmed_address_without_a_mail_server(
    make_community: Callable[..., Community], target: str
) -> None:
    community = make_community(FORUM_SMTP_URL="")
    assert vote(community.member(confirmed=False), target, 1)["my_vote"] == 1


@pytest.mark.parametrize(
    ("sort", "votes"),
    [
        ("best", [[1, 1, 1, 1, 1], [1, 1], [1], [1, -1], []]),
        ("top", [[1, 1, 1], [1, 1, -1], [], [-1]]),
        ("controversial", [[1, 1, -1, -1], [1, -1], [1, 1, 1, -1], [1, 1, 1]]),
    ],
)
def test_votes_put_replies_in_order(
    community: Community, sort: str, votes: list[list[int]]
) -> None:
    thread, voters = community.thread(), community.members(5)
    written: list[int] = []
    for values in votes:
        reply = community.reply(thread=thread)
        written.append(reply["id"])
        for voter, value in zip(voters, values, strict=False):
            vote(voter, f"/replies/{reply['id']}", value)
    listed = community.passer_by.ok("GET", f"/threads/{thread['id']}/replies?sort={sort}")
    assert [node["id"] for node in listed["items"]] == written


@on_one_database
def test_a_vote_takes_five_statements(app: Flask, community: Community, target: str) -> None:
    voter = community.member()
    with recorded(app) as sent:
        vote(voter, target, 1)
    assert len(sent) == 5
