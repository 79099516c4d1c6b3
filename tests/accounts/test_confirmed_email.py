"""Whether unconfirmed members may vote and cast ballots is a setting."""

from collections.abc import Callable

import pytest

from tests.community import Community, Person

MakeCommunity = Callable[..., Community]
ON, OFF = {"FORUM_REQUIRE_CONFIRMED_EMAIL": "true"}, {"FORUM_REQUIRE_CONFIRMED_EMAIL": "false"}


def judgements(community: Community) -> list[tuple[str, dict[str, object]]]:
    reply = community.reply()
    return [
        (f"/threads/{reply['thread_id']}/vote", {"value": 1}),
        (f"/replies/{reply['id']}/vote", {"value": -1}),
        (f"/replies/{reply['id']}/ballot", {"path": "neither"}),
    ]


def answers(community: Community, person: Person) -> set[tuple[int, str]]:
    found = [person.put(address, body) for address, body in judgements(community)]
    return {(answer.status_code, answer.json.get("code", "")) for answer in found}


@pytest.mark.parametrize("confirmed", [True, False])
def test_everybody_may_judge_where_no_confirmed_address_is_asked_for(
    make_community: MakeCommunity, confirmed: bool
) -> None:
    community = make_community(**OFF)
    assert answers(community, community.member(confirmed=confirmed)) == {(200, "")}


def test_that_is_how_it_is_without_a_mail_server(make_community: MakeCommunity) -> None:
    community = make_community(FORUM_SMTP_URL="")
    assert answers(community, community.member(confirmed=False)) == {(200, "")}


def test_with_a_mail_server_it_is_asked_for(community: Community) -> None:
    refused = {(403, "email-not-confirmed")}
    assert answers(community, community.member(confirmed=False)) == refused


def test_unconfirmed_members_may_not_judge_where_it_is_asked_for(
    make_community: MakeCommunity,
) -> None:
    community = make_community(**ON)
    unconfirmed = community.member(confirmed=False)
    assert answers(community, unconfirmed) == {(403, "email-not-confirmed")}


def test_confirmed_members_may_judge_where_it_is_asked_for(make_community: MakeCommunity) -> None:
    community = make_community(**ON)
    assert answers(community, community.member()) == {(200, "")}


def test_unconfirmed_members_may_write_where_it_is_asked_for(
    make_community: MakeCommunity,
) -> None:
    community = make_community(**ON)
    assert community.reply(community.member(confirmed=False))["state"] == "visible"


def test_unconfirmed_members_may_not_withdraw_either(make_community: MakeCommunity) -> None:
    community = make_community(**ON)
    unconfirmed = community.member(confirmed=False)
    for address, _ in judgements(community):
        assert unconfirmed.delete(address).json["code"] == "email-not-confirmed"
