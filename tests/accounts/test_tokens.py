"""Access tokens: only those that the service made, for itself, and not long ago."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database

pytestmark = on_one_database

KEY = "a key that signs nothing outside these tests"


def claims_of(person: Person) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(person.token, options={"verify_signature": False})
    return claims


def signed(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def is_refused(community: Community, token: str) -> bool:
    answer = Person(community.client, token=token).get("/me")
    return (answer.status_code, answer.json["code"]) == (401, "invalid-token")


def test_the_key_of_the_service_signs(community: Community) -> None:
    forged = signed(claims_of(community.member()))
    assert Person(community.client, token=forged).get("/me").status_code == 200


def test_another_key_does_not(community: Community) -> None:
    other_key = "another key of at least thirty-two bytes"
    assert is_refused(community, signed(claims_of(community.member()), other_key))


def test_another_algorithm_does_not(community: Community) -> None:
    key = KEY + " that is long enough for the longer algorithm"
    assert is_refused(community, signed(claims_of(community.member()), key, "HS512"))


def test_no_algorithm_does_not(community: Community) -> None:
    assert is_refused(community, jwt.encode(claims_of(community.member()), "", algorithm="none"))


@pytest.mark.parametrize("spelling", ["none", "None", "NONE", "nOnE", "", None])
def test_no_spelling_of_no_algorithm_does(community: Community, spelling: str | None) -> None:
    claims = claims_of(community.member())
    assert is_refused(community, f"{part({'alg': spelling, 'typ': 'JWT'})}.{part(claims)}.")


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"kid": "../../../../dev/null"}, b""),
        ({"kid": "' UNION SELECT 'key"}, b"key"),
        ({"jwk": {"kty": "oct", "k": "a2V5"}}, b"key"),
        ({"jku": "https://evil.example/keys"}, b"key"),
        ({"x5u": "https://evil.example/key.pem"}, b"key"),
    ],
)
def test_a_token_does_not_say_where_its_key_is(
    community: Community, header: dict[str, Any], key: bytes
) -> None:
    words = (
        f"{part({'alg': 'HS256', 'typ': 'JWT', **header})}.{part(claims_of(community.member()))}"
    )
    signature = hmac.new(key, words.encode(), hashlib.sha256).digest()
    assert is_refused(community, f"{words}.{urlsafe_b64encode(signature).decode().rstrip('=')}")


def part(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "elsewhere"), ("aud", "another-api"), ("type", "refresh"), ("sid", "1")],
)
def test_a_token_for_something_else_is_refused(
    community: Community, claim: str, value: str
) -> None:
    assert is_refused(community, signed({**claims_of(community.member()), claim: value}))


@pytest.mark.parametrize("claim", ["iss", "aud", "sid", "sub"])
def test_a_token_without_a_claim_is_refused(community: Community, claim: str) -> None:
    claims = claims_of(community.member())
    del claims[claim]
    assert is_refused(community, signed(claims))


def test_a_token_of_somebody_elses_session_is_refused(community: Community) -> None:
    mine, theirs = claims_of(community.member()), claims_of(community.member())
    assert is_refused(community, signed({**mine, "sid": theirs["sid"]}))


def test_a_refresh_token_of_somebody_elses_session_leaves_it_alone(community: Community) -> None:
    mine, person = claims_of(community.member()), community.member()
    theirs = {"sid": claims_of(person)["sid"], "jti": "spent", "type": "refresh"}
    answer = Person(community.client, token=signed({**mine, **theirs})).post("/auth/refresh")
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-token")
    assert person.get("/me").status_code == 200


def test_a_changed_token_is_refused(community: Community) -> None:
    head, payload, signature = community.member().token.split(".")
    claims = json.loads(urlsafe_b64decode(payload + "=="))
    changed = urlsafe_b64encode(json.dumps({**claims, "sub": "1"}).encode()).decode().rstrip("=")
    assert is_refused(community, f"{head}.{changed}.{signature}")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\xe9", "null", "." * 5000])
def test_what_is_no_token_is_refused(community: Community, token: str) -> None:
    answer = community.passer_by.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-token")


def test_other_schemes_are_refused(community: Community) -> None:
    headers = {"Authorization": "Basic bm9vcjpzZWNyZXQ="}
    assert community.passer_by.get("/me", headers=headers).json["code"] == "invalid-token"


def test_an_expired_token_is_refused(community: Community) -> None:
    claims = claims_of(community.member())
    assert is_refused(community, signed({**claims, "exp": claims["iat"] - 1}))


def test_a_token_that_was_good_expires(community: Community, let_pass: LetPass) -> None:
    community.member("noor", password=PASSWORD)
    body = {"login": "noor", "password": PASSWORD}
    tokens = community.passer_by.ok("POST", "/auth/login", body)
    noor = Person(community.client, token=tokens["access_token"])
    assert noor.get("/me").status_code == 200
    let_pass(minutes=16)
    assert is_refused(community, noor.token)


def test_a_token_expires_when_the_owner_says(make_community: Callable[..., Community]) -> None:
    community = make_community(FORUM_ACCESS_TOKEN_MINUTES=3)
    community.member("noor", password=PASSWORD)
    body = {"login": "noor", "password": PASSWORD}
    tokens = community.passer_by.ok("POST", "/auth/login", body)
    claims = claims_of(Person(community.client, token=tokens["access_token"]))
    assert (claims["exp"] - claims["iat"], tokens["expires_in"]) == (180, 180)


def test_a_bad_token_is_refused_where_none_is_needed(community: Community) -> None:
    answer = Person(community.client, token="x").get("/posts")
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-token")


@pytest.mark.parametrize("token", ["", "x"])
def test_a_refusal_names_the_scheme_to_use(community: Community, token: str) -> None:
    answer = Person(community.client, token=token).get("/me")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_refused(community: Community) -> None:
    answer = community.passer_by.get(f"/posts?access_token={community.member().token}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
