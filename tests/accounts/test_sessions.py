"""Sessions: a family of refresh tokens of which only the newest is good, and its access tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.servers import own_redis

Tokens = dict[str, Any]


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def sign_in(community: Community) -> Tokens:
    body = {"login": "noor", "password": PASSWORD}
    tokens: Tokens = community.passer_by.ok("POST", "/auth/login", body)
    return tokens


def access(community: Community, tokens: Tokens) -> Person:
    return Person(community.client, "noor", tokens["access_token"])


def refresh(community: Community, tokens: Tokens) -> Any:
    return Person(community.client, "noor", tokens["refresh_token"]).post("/auth/refresh")


@pytest.mark.usefixtures("noor")
def test_an_access_token_signs_in(community: Community) -> None:
    me = access(community, sign_in(community)).ok("GET", "/me")
    assert me["username"] == "noor"


@pytest.mark.usefixtures("noor")
def test_a_refresh_token_is_spent_for_a_new_pair(community: Community) -> None:
    first = sign_in(community)
    answer = refresh(community, first)
    assert answer.status_code == 200
    assert answer.json.keys() == first.keys()
    assert answer.json["refresh_token"] != first["refresh_token"]
    assert access(community, answer.json).get("/me").status_code == 200


@pytest.mark.usefixtures("noor")
def test_refreshing_goes_on_and_on(community: Community) -> None:
    tokens = sign_in(community)
    for _ in range(3):
        tokens = refresh(community, tokens).json
    assert access(community, tokens).get("/me").status_code == 200


@pytest.mark.usefixtures("noor")
def test_a_spent_refresh_token_is_recognised(community: Community) -> None:
    spent = sign_in(community)
    refresh(community, spent)
    answer = refresh(community, spent)
    assert (answer.status_code, answer.json["code"]) == (401, "token-reused")


@pytest.mark.usefixtures("noor")
def test_a_spent_refresh_token_ends_the_session_for_whoever_holds_it(community: Community) -> None:
    spent = sign_in(community)
    current = refresh(community, spent).json
    refresh(community, spent)
    assert refresh(community, current).status_code == 401
    assert access(community, current).get("/me").status_code == 401
    assert access(community, spent).get("/me").status_code == 401


@pytest.mark.usefixtures("noor")
def test_a_spent_refresh_token_stays_spent_after_its_session_has_ended(
    community: Community,
) -> None:
    spent = sign_in(community)
    refresh(community, spent)
    refresh(community, spent)
    assert refresh(community, spent).json["code"] == "token-reused"


@pytest.mark.usefixtures("noor")
def test_a_reused_token_leaves_other_sessions_alone(community: Community) -> None:
    spent, other = sign_in(community), sign_in(community)
    refresh(community, spent)
    refresh(community, spent)
    assert access(community, other).get("/me").status_code == 200
    assert refresh(community, other).status_code == 200


@pytest.mark.usefixtures("noor")
def test_signing_out_ends_the_session(community: Community) -> None:
    tokens = sign_in(community)
    answer = access(community, tokens).post("/auth/logout")
    assert (answer.status_code, answer.data) == (204, b"")
    assert access(community, tokens).get("/me").json["code"] == "invalid-token"
    assert refresh(community, tokens).json["code"] == "invalid-token"


@pytest.mark.usefixtures("noor")
def test_signing_out_leaves_other_sessions_alone(community: Community) -> None:
    tokens, other = sign_in(community), sign_in(community)
    access(community, tokens).post("/auth/logout")
    assert access(community, other).get("/me").status_code == 200


@pytest.mark.usefixtures("noor")
def test_a_session_ends_after_its_time(community: Community, let_pass: LetPass) -> None:
    tokens = sign_in(community)
    let_pass(days=30, seconds=1)
    assert access(community, tokens).get("/me").json["code"] == "invalid-token"
    assert refresh(community, tokens).json["code"] == "invalid-token"


@pytest.mark.usefixtures("noor")
def test_a_refresh_token_does_not_sign_in(community: Community) -> None:
    tokens = sign_in(community)
    person = Person(community.client, "noor", tokens["refresh_token"])
    assert person.get("/me").json["code"] == "invalid-token"


@pytest.mark.usefixtures("noor")
def test_an_access_token_cannot_be_refreshed(community: Community) -> None:
    answer = access(community, sign_in(community)).post("/auth/refresh")
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-token")


def test_refreshing_needs_a_token(community: Community) -> None:
    assert community.passer_by.post("/auth/refresh").status_code == 401


def test_signing_out_needs_a_token(community: Community) -> None:
    assert community.passer_by.post("/auth/logout").status_code == 401


def listed(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.ok("GET", "/auth/sessions")["items"]
    return items


def test_a_member_sees_where_they_are_signed_in(community: Community, noor: Person) -> None:
    body = {"login": "noor", "password": PASSWORD}
    phone = {"User-Agent": "Phone/1.0 \xe9" + "x" * 100}
    community.passer_by.ok("POST", "/auth/login", body, headers=phone)
    newest, first = listed(noor)
    assert newest["user_agent"] == f"Phone/1.0 {'x' * 70}"
    assert (newest["current"], first["current"]) == (False, True)


def test_a_session_is_used_when_its_tokens_are_renewed(
    community: Community, noor: Person, let_pass: LetPass
) -> None:
    tokens = sign_in(community)
    let_pass(days=1)
    refresh(community, tokens)
    newest = listed(noor)[0]
    assert newest["last_used_at"] > newest["created_at"]


def test_a_member_ends_one_of_their_sessions(community: Community, noor: Person) -> None:
    tokens = sign_in(community)
    assert noor.delete(f"/auth/sessions/{listed(noor)[0]['id']}").status_code == 204
    assert access(community, tokens).get("/me").json["code"] == "invalid-token"
    assert refresh(community, tokens).json["code"] == "invalid-token"
    assert [session["current"] for session in listed(noor)] == [True]


def test_a_session_ends_once(community: Community, noor: Person) -> None:
    sign_in(community)
    address = f"/auth/sessions/{listed(noor)[0]['id']}"
    assert [noor.delete(address).status_code for _ in range(2)] == [204, 404]


def test_nobody_ends_the_sessions_of_others(community: Community, noor: Person) -> None:
    stranger = community.member()
    answer = stranger.delete(f"/auth/sessions/{listed(noor)[0]['id']}")
    assert (answer.status_code, noor.get("/me").status_code) == (404, 200)


def test_a_member_ends_all_other_sessions(community: Community, noor: Person) -> None:
    others, stranger = [sign_in(community) for _ in range(2)], community.member()
    assert noor.delete("/auth/sessions").status_code == 204
    assert [access(community, tokens).get("/me").status_code for tokens in others] == [401, 401]
    assert (noor.get("/me").status_code, stranger.get("/me").status_code) == (200, 200)


@pytest.mark.usefixtures("noor")
@pytest.mark.parametrize("number", [0, 2, 4])
def test_any_spent_token_of_a_family_ends_it(community: Community, number: int) -> None:
    pairs = [sign_in(community)]
    for _ in range(5):
        pairs.append(refresh(community, pairs[-1]).json)
    assert refresh(community, pairs[number]).json["code"] == "token-reused"
    assert {refresh(community, pair).status_code for pair in pairs} == {401}
    assert {access(community, pair).get("/me").status_code for pair in pairs} == {401}


@on_one_database
def test_sessions_end_where_redis_has_gone(make_app: Callable[..., Flask]) -> None:
    with own_redis() as url:
        community = Community(make_app(REDIS_URL=url, FORUM_RATELIMIT_ENABLED="true"))
        community.member("noor", password=PASSWORD)
        ended, kept = sign_in(community), sign_in(community)
    assert access(community, kept).delete("/auth/sessions").status_code == 204
    assert access(community, ended).get("/me").json["code"] == "invalid-token"
    assert refresh(community, ended).json["code"] == "invalid-token"
    assert access(community, kept).get("/me").status_code == 200
