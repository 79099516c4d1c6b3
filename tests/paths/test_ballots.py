"""Declarations and ballots on a reply's path."""

from collections.abc import Callable

import pytest

from tests.community import Community, Json, Person
from tests.databases import on_one_database

TECHNICAL, MANAGEMENT, NEITHER = "technical-path", "management-path", "neither"


def ballot(person: Person, reply: Json, path: str | None) -> Json:
    """The path after a ballot; None withdraws."""
    url = f"/replies/{reply['id']}/ballot"
    answer: Json = person.ok("PUT", url, {"path": path}) if path else person.ok("DELETE", url)
    return answer


def test_a_reply_is_on_the_path_its_author_declares(reply: Json) -> None:
    assert reply["path"] == {
        "path": TECHNICAL,
        "source": "author",
        "ballots": {TECHNICAL: 0, MANAGEMENT: 0, NEITHER: 0},
        "declared": TECHNICAL,
        "contested": False,
        "bridge": False,
        "pin": None,
    }


def test_a_reply_without_declaration_is_on_no_path(community: Community) -> None:
    path = community.reply()["path"]
    assert (path["path"], path["source"], path["declared"]) == (None, "none", None)


def test_ballots_of_three_members_outvote_a_declaration(community: Community, reply: Json) -> None:
    path = community.cast(reply, management=3)
    assert (path["path"], path["source"]) == (MANAGEMENT, "community")


def test_a_ballot_cast_again_replaces_the_former(community: Community, reply: Json) -> None:
    member = community.member()
    ballot(member, reply, TECHNICAL)
    assert ballot(member, reply, MANAGEMENT)["ballots"] == {
        TECHNICAL: 0,
        MANAGEMENT: 1,
        NEITHER: 0,
    }


def test_the_same_ballot_again_changes_nothing(community: Community, reply: Json) -> None:
    member = community.member()
    assert ballot(member, reply, NEITHER) == ballot(member, reply, NEITHER)


def test_a_withdrawn_ballot_no_longer_counts(community: Community, reply: Json) -> None:
    member = community.member()
    ballot(member, reply, MANAGEMENT)
    assert ballot(member, reply, None) == reply["path"]


def test_withdrawing_a_ballot_that_was_never_cast_changes_nothing(
    community: Community, reply: Json
) -> None:
    assert ballot(community.member(), reply, None) == reply["path"]


def test_authors_cast_no_ballot_on_their_own_reply(author: Person, reply: Json) -> None:
    address = f"/replies/{reply['id']}/ballot"
    answers = [author.put(address, {"path": TECHNICAL}), author.delete(address)]
    assert [(a.status_code, a.json["code"]) for a in answers] == [(403, "self-ballot")] * 2


def test_passers_by_cast_no_ballots(community: Community, reply: Json) -> None:
    answer = community.passer_by.put(f"/replies/{reply['id']}/ballot", {"path": TECHNICAL})
    assert answer.status_code == 401


@pytest.mark.parametrize("below", ["", "/path"])
def test_members_see_their_own_ballot(community: Community, reply: Json, below: str) -> None:
    member = community.member()
    ballot(member, reply, NEITHER)
    address = f"/replies/{reply['id']}{below}"
    assert member.ok("GET", address)["my_ballot"] == NEITHER
    assert "my_ballot" not in community.passer_by.ok("GET", address)


def test_a_ballot_waits_for_a_confirmed_address_where_that_is_asked(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_REQUIRE_CONFIRMED_EMAIL="true")
    newcomer = community.member(confirmed=False)
    answer = newcomer.put(f"/replies/{community.reply()['id']}/ballot", {"path": TECHNICAL})
    assert (answer.status_code, answer.json["code"]) == (403, "email-not-confirmed")


def test_a_ballot_needs_no_confirmed_address_without_a_mail_server(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_SMTP_URL="")
    newcomer = community.member(confirmed=False)
    assert ballot(newcomer, community.reply(), NEITHER)["ballots"][NEITHER] == 1


def test_editing_a_reply_keeps_its_ballots(
    community: Community, author: Person, reply: Json
) -> None:
    path = community.cast(reply, management=2)
    edited = author.ok("PATCH", f"/replies/{reply['id']}", {"body": "On second thoughts."})
    assert edited["path"] == path


def test_ballots_never_touch_the_score(community: Community, reply: Json) -> None:
    community.cast(reply, management=3)
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["votes"] == reply["votes"]


def test_votes_never_touch_the_path(community: Community, reply: Json) -> None:
    for _ in range(3):
        community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": -1})
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["path"] == reply["path"]


def test_a_bridge_shows_in_the_lists_of_both_paths(community: Community, reply: Json) -> None:
    community.cast(reply, technical=2, management=3)
    url = f"/threads/{reply['thread_id']}/replies?path="
    lists = [community.passer_by.ok("GET", url + path)["items"] for path in (TECHNICAL, MANAGEMENT)]
    assert [[item["id"] for item in items] for items in lists] == [[reply["id"]]] * 2


def test_authors_change_their_declaration_before_the_first_ballot(
    author: Person, reply: Json
) -> None:
    path = author.ok("PUT", f"/replies/{reply['id']}/path", {"path": MANAGEMENT})
    assert (path["path"], path["source"], path["declared"]) == (MANAGEMENT, "author", MANAGEMENT)


def test_authors_clear_their_declaration_with_null(author: Person, reply: Json) -> None:
    path = author.ok("PUT", f"/replies/{reply['id']}/path", {"path": None})
    assert (path["path"], path["source"], path["declared"]) == (None, "none", None)


def test_a_declaration_stands_after_the_first_ballot(
    community: Community, author: Person, reply: Json
) -> None:
    community.cast(reply, neither=1)
    answer = author.put(f"/replies/{reply['id']}/path", {"path": MANAGEMENT})
    assert (answer.status_code, answer.json["code"]) == (409, "ballots-exist")


def test_the_same_declaration_again_is_no_change(
    community: Community, author: Person, reply: Json
) -> None:
    path = community.cast(reply, management=1)
    assert author.ok("PUT", f"/replies/{reply['id']}/path", {"path": TECHNICAL}) == path


def test_a_declaration_is_free_again_when_all_ballots_are_withdrawn(
    community: Community, author: Person, reply: Json
) -> None:
    member = community.member()
    ballot(member, reply, NEITHER)
    ballot(member, reply, None)
    path = author.ok("PUT", f"/replies/{reply['id']}/path", {"path": MANAGEMENT})
    assert path["declared"] == MANAGEMENT


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_nobody_declares_for_others(community: Community, reply: Json, role: str) -> None:
    other = community.member(role=role)
    answer = other.put(f"/replies/{reply['id']}/path", {"path": MANAGEMENT})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_the_explanation_holds_every_number_that_decided(community: Community, reply: Json) -> None:
    community.cast(reply, technical=2, management=3)
    found = community.passer_by.ok("GET", f"/replies/{reply['id']}/path")
    assert (found["path"], found["source"]) == (TECHNICAL, "author")
    assert (found["voters"], found["n"]) == (5, 6)
    assert found["shares"] == {TECHNICAL: 50.0, MANAGEMENT: 50.0, NEITHER: 0.0}
    assert found["thresholds"] == {
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
    community: Community, below: str, body: Json, pointer: str
) -> None:
    moderator = community.moderator()
    answer = moderator.put(f"/replies/{community.reply(moderator)['id']}/{below}", body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("settings", "cast", "path"),
    [
        ({}, 2, TECHNICAL),
        ({"FORUM_PATH_QUORUM": "2"}, 2, MANAGEMENT),
        ({"FORUM_PATH_COMMUNITY_SHARE": "80"}, 3, None),
        ({"FORUM_PATH_COMMUNITY_SHARE": "80", "FORUM_PATH_AUTHOR_SHARE": "25"}, 3, TECHNICAL),
    ],
)
def test_the_thresholds_are_settings(
    make_community: Callable[..., Community], settings: dict[str, str], cast: int, path: str | None
) -> None:
    community = make_community(**settings)
    reply = community.reply(path=TECHNICAL)
    assert community.cast(reply, management=cast)["path"] == path
