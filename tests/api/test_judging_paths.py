"""Declarations, ballots and pins, as they are put and deleted."""

from typing import Any

import pytest

from tests.community import Community, Json, Person
from tests.databases import on_one_database


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor")


@pytest.fixture
def reply(community: Community, noor: Person) -> Json:
    return community.reply(noor, path="technical-path")


def address(reply: Json, below: str) -> str:
    return f"/replies/{reply['id']}/{below}"


def test_authors_declare_a_path(noor: Person, reply: Json) -> None:
    path = noor.ok("PUT", address(reply, "path"), {"path": "management-path"})
    assert (path["path"], path["source"]) == ("management-path", "author")


def test_authors_clear_their_declaration(noor: Person, reply: Json) -> None:
    path = noor.ok("PUT", address(reply, "path"), {"path": None})
    assert (path["path"], path["source"], path["declared"]) == (None, "none", None)


def test_nobody_declares_for_others(community: Community, reply: Json) -> None:
    for person in (community.member(), community.moderator()):
        answer = person.put(address(reply, "path"), {"path": None})
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_declaration_stands_after_the_first_ballot(
    community: Community, noor: Person, reply: Json
) -> None:
    community.cast(reply, management=1)
    answer = noor.put(address(reply, "path"), {"path": "management-path"})
    assert (answer.status_code, answer.json["code"]) == (409, "ballots-exist")


def test_the_same_declaration_again_is_no_change(
    community: Community, noor: Person, reply: Json
) -> None:
    community.cast(reply, management=1)
    assert noor.put(address(reply, "path"), {"path": "technical-path"}).status_code == 200


def test_a_declaration_is_free_again_when_the_ballots_are_withdrawn(
    community: Community, noor: Person, reply: Json
) -> None:
    voter = community.member()
    voter.ok("PUT", address(reply, "ballot"), {"path": "neither"})
    voter.ok("DELETE", address(reply, "ballot"))
    assert noor.put(address(reply, "path"), {"path": None}).status_code == 200


def test_a_ballot_is_shown_to_its_voter(community: Community, reply: Json) -> None:
    voter = community.member()
    voter.ok("PUT", address(reply, "ballot"), {"path": "neither"})
    assert voter.ok("GET", f"/replies/{reply['id']}")["my_ballot"] == "neither"
    assert voter.ok("GET", address(reply, "path"))["my_ballot"] == "neither"
    assert "my_ballot" not in community.passer_by.ok("GET", address(reply, "path"))


def test_another_ballot_replaces_the_first(community: Community, reply: Json) -> None:
    voter = community.member()
    for value in ("neither", "management-path", "management-path"):
        path = voter.ok("PUT", address(reply, "ballot"), {"path": value})
    assert path["ballots"] == {"technical-path": 0, "management-path": 1, "neither": 0}


def test_withdrawing_what_was_not_cast_changes_nothing(community: Community, reply: Json) -> None:
    path = community.member().ok("DELETE", address(reply, "ballot"))
    assert path == reply["path"]


def test_authors_cast_no_ballot_on_their_own_reply(noor: Person, reply: Json) -> None:
    for answer in (
        noor.put(address(reply, "ballot"), {"path": "neither"}),
        noor.delete(address(reply, "ballot")),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "self-ballot")


def test_ballots_never_touch_the_score(community: Community, reply: Json) -> None:
    community.cast(reply, management=3)
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["votes"]["score"] == 0


def test_a_pin_decides_and_says_why(community: Community, reply: Json) -> None:
    body = {"path": "management-path", "reason": "It is about people."}
    path = community.moderator().ok("PUT", address(reply, "pin"), body)
    assert (path["path"], path["source"]) == ("management-path", "moderator")
    assert (path["pin"]["path"], path["pin"]["reason"]) == (body["path"], body["reason"])
    assert path["pin"]["at"].endswith("Z")


def test_a_pin_may_put_a_reply_on_no_path(community: Community, reply: Json) -> None:
    body = {"path": None, "reason": "Neither, really."}
    path = community.moderator().ok("PUT", address(reply, "pin"), body)
    assert (path["path"], path["source"], path["pin"]["path"]) == (None, "moderator", None)


def test_ballots_under_a_pin_count_when_it_is_lifted(community: Community, reply: Json) -> None:
    moderator = community.moderator()
    moderator.ok("PUT", address(reply, "pin"), {"path": "technical-path", "reason": "Clear."})
    pinned = community.cast(reply, management=3)
    lifted = moderator.ok("DELETE", address(reply, "pin"))
    assert (pinned["path"], pinned["source"]) == ("technical-path", "moderator")
    assert (lifted["path"], lifted["source"]) == ("management-path", "community")


def test_lifting_no_pin_changes_nothing(community: Community, reply: Json) -> None:
    assert community.moderator().ok("DELETE", address(reply, "pin")) == reply["path"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_pinning_takes_a_moderator(noor: Person, reply: Json, method: str) -> None:
    body = {"path": None, "reason": "Mine."} if method == "PUT" else None
    answer = noor.call(method, address(reply, "pin"), json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_a_path_is_explained_with_every_number(community: Community, reply: Json) -> None:
    community.cast(reply, management=3, technical=1)
    told = community.passer_by.ok("GET", address(reply, "path"))
    assert (told["path"], told["source"]) == ("management-path", "community")
    assert (told["voters"], told["n"]) == (4, 5)
    assert told["shares"] == {"technical-path": 40, "management-path": 60, "neither": 0}
    assert told["thresholds"] == {
        "quorum": 3,
        "community": 60,
        "author": 40,
        "bridge": 35,
        "bridge_neither": 20,
    }


@on_one_database
@pytest.mark.parametrize(
    ("below", "body", "pointer"),
    [
        ("path", {}, "/path"),
        ("path", {"path": "neither"}, "/path"),
        ("ballot", {"path": None}, "/path"),
        ("ballot", {"path": "both"}, "/path"),
        ("pin", {"path": None}, "/reason"),
        ("pin", {"path": "neither", "reason": "So."}, "/path"),
        ("pin", {"path": None, "reason": " "}, "/reason"),
        ("pin", {"path": None, "reason": "a" * 501}, "/reason"),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    community: Community, below: str, body: Any, pointer: str
) -> None:
    moderator = community.moderator()
    answer = moderator.put(address(community.reply(moderator), below), body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
