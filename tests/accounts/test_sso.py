"""Single sign-on: the blog's own users sign in by tokens that the blog signs."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from sqlalchemy import select

from forum.accounts import mailed_tokens
from forum.config import ConfigurationError, Settings
from forum.core import clock
from forum.core.db import db, writing
from forum.core.outbox import RecordedEvent
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.test_races import request, statuses

SECRET = "what only blog and forum know, 1234567890"
ISSUER = "https://blog.example.com"
AUDIENCE = "http://127.0.0.1:8000"

LATER = int(datetime(2099, 1, 1, tzinfo=UTC).timestamp())

MakeCommunity = Callable[..., Community]


@pytest.fixture
def community(keep_app: Callable[..., Flask]) -> Community:
    return Community(keep_app(FORUM_SSO_SECRET=SECRET, FORUM_SSO_ISSUER=ISSUER))


def claims(**more: Any) -> dict[str, Any]:
    now = int(clock.now().timestamp())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-17",
        "name": "Robin W.",
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + 300,
        **more,
    }


def token(key: Any = SECRET, algorithm: str = "HS256", **more: Any) -> str:
    return jwt.encode(claims(**more), key, algorithm)


def sign_in(community: Community, with_token: str) -> Answer:
    return community.passer_by.post("/auth/sso", {"token": with_token})


def user(community: Community, **more: Any) -> Person:
    """A user of the blog, signed in."""
    answer = sign_in(community, token(**more))
    assert answer.status_code == 200, answer.text
    return Person(community.client, token=answer.json["access_token"])


def test_the_first_time_an_account_is_opened(community: Community) -> None:
    me = user(community, avatar_url="https://blog.example.com/robin.png").ok("GET", "/me")
    shown = {name: me[name] for name in ("username", "display_name", "role", "avatar_url")}
    assert shown == {
        "username": "robin-w",
        "display_name": "Robin W.",
        "role": "member",
        "avatar_url": "https://blog.example.com/robin.png",
    }


def test_the_next_time_the_same_account_has_the_profile_of_that_time(community: Community) -> None:
    first = user(community).ok("GET", "/me")
    second = user(community, name="Robin Weaver").ok("GET", "/me")
    assert (second["id"], second["display_name"]) == (first["id"], "Robin Weaver")
    assert second["username"] == first["username"]


@pytest.mark.parametrize("taken", ["robin-w", "r0bin-w", "ROBIN-W"])
def test_a_username_that_somebody_has_or_that_looks_like_theirs_is_another(
    community: Community, taken: str
) -> None:
    community.member(taken)
    assert user(community, username="robin-w").ok("GET", "/me")["username"] == "robin-w-2"


@on_one_database
def test_a_username_that_is_reserved_or_unfit_is_another(community: Community) -> None:
    wanted = ["admin", "Adm1n", "moderator", "  ", "日本"]
    people = [user(community, sub=name, username=name, name=name) for name in wanted]
    usernames = {person.ok("GET", "/me")["username"] for person in people}
    assert (len(usernames), usernames & set(wanted)) == (5, set())


def test_a_verified_address_is_confirmed(community: Community) -> None:
    me = user(community, email="robin@example.org", email_verified=True).ok("GET", "/me")
    assert (me["email"], me["email_confirmed"]) == ("robin@example.org", True)


@on_one_database
def test_an_address_that_is_not_verified_is_not_taken(community: Community) -> None:
    addresses = [
        user(community, sub=str(verified), email="robin@example.org", email_verified=verified)
        for verified in (False, None, "true", 1)
    ]
    assert [person.ok("GET", "/me")["email"] for person in addresses] == [None] * 4


@on_one_database
def test_another_address_ends_what_was_mailed_to_the_one_before(community: Community) -> None:
    of_user = {"email": "robin@example.org", "email_verified": True}
    member_id = user(community, **of_user).ok("GET", "/me")["id"]
    with community.app.app_context(), writing():
        day, session = timedelta(days=1), db.session()
        link = mailed_tokens.issue(session, "link", member_id, "robin@example.org", day)
        session.commit()
    user(community, **{**of_user, "email": "robin@example.com"})
    user(community, **of_user)
    answer = community.passer_by.post("/auth/link/redeem", {"token": link})
    assert answer.status_code == 422


@on_one_database
def test_an_address_of_a_domain_that_is_kept_out_is_not_taken(community: Community) -> None:
    robin = user(community)
    ban = {"email_domain": "spam.example", "reason": "spam"}
    community.admin.ok("POST", "/moderation/bans", ban)
    user(community, email="robin@spam.example", email_verified=True)
    assert robin.ok("GET", "/me")["email"] is None


def test_an_account_is_never_found_by_its_address(community: Community) -> None:
    noor = community.member("noor").ok("GET", "/me")
    me = user(community, email="Noor@example.org", email_verified=True).ok("GET", "/me")
    assert (me["id"] != noor["id"], me["email"]) == (True, None)


def test_the_same_subject_of_another_issuer_is_somebody_else(
    community: Community, make_community: MakeCommunity
) -> None:
    first = user(community).ok("GET", "/me")
    another = make_community(FORUM_SSO_SECRET=SECRET, FORUM_SSO_ISSUER="https://b.example.com")
    assert user(another, iss="https://b.example.com").ok("GET", "/me")["id"] != first["id"]


def test_a_token_signs_in_once(community: Community) -> None:
    once = token()
    answers = [sign_in(community, once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert answers[1].json["code"] == "sign-in-refused"


def test_a_token_signs_in_once_however_many_try_at_once(community: Community) -> None:
    body = {"token": token()}
    acts = [request(community.passer_by, "POST", "/auth/sso", body) for _ in range(8)]
    assert statuses(acts) == {200: 1, 401: 7}


def test_eight_first_times_at_once_open_one_account(community: Community) -> None:
    acts = [request(community.passer_by, "POST", "/auth/sso", {"token": token()}) for _ in range(8)]
    assert statuses(acts) == {200: 8}
    usernames = {user(community).ok("GET", "/me")["username"]}
    assert usernames == {"robin-w"}


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"iss": "https://elsewhere.example.com"},
    {"aud": "https://elsewhere.example.com"},
    {"exp": 1},
    {"exp": "soon"},
    {"exp": True},
    {"exp": 1e300},
    {"exp": LATER},
    {"iat": 1},
    {"iat": LATER},
    {"nbf": LATER},
    {"sub": ""},
    {"sub": "x" * 256},
    {"sub": "a\0b"},
    {"sub": 17},
    {"jti": ""},
    {"jti": 17},
]


@on_one_database
def test_a_token_with_a_wrong_claim_is_refused(community: Community) -> None:
    answers = {str(wrong): sign_in(community, _signed(wrong)) for wrong in WRONG_CLAIMS}
    codes = {wrong: answer.json["code"] for wrong, answer in answers.items()}
    assert codes == dict.fromkeys(codes, "sign-in-refused")


@on_one_database
def test_a_token_without_a_claim_is_refused(community: Community) -> None:
    names = ("iss", "aud", "sub", "exp", "jti")
    answers = {name: sign_in(community, _signed({}, without=name)).status_code for name in names}
    assert answers == dict.fromkeys(names, 401)


def _signed(wrong: dict[str, Any], without: str | None = None) -> str:
    """As whoever has the key may sign it, however wrong it is."""
    said = {name: value for name, value in {**claims(), **wrong}.items() if name != without}
    return jwt.api_jws.encode(json.dumps(said).encode(), SECRET, "HS256")


@on_one_database
def test_a_token_lives_ten_minutes_at_most(community: Community) -> None:
    now = int(clock.now().timestamp())
    assert sign_in(community, token(exp=now + 590)).status_code == 200
    assert sign_in(community, token(exp=now + 700)).status_code == 401


def test_a_token_ends_when_it_says(community: Community, let_pass: LetPass) -> None:
    late = token()
    let_pass(minutes=6)
    assert sign_in(community, late).status_code == 401


def test_roles_are_not_taken_from_tokens(community: Community) -> None:
    assert user(community, role="moderator").ok("GET", "/me")["role"] == "member"


@pytest.mark.parametrize(
    ("said", "given"), [("member", "member"), ("moderator", "moderator"), ("admin", "moderator")]
)
def test_where_the_owner_says_so_tokens_make_moderators_but_no_admins(
    make_community: MakeCommunity, said: str, given: str
) -> None:
    community = make_community(
        FORUM_SSO_SECRET=SECRET, FORUM_SSO_ISSUER=ISSUER, FORUM_SSO_ROLES="true"
    )
    assert user(community, role=said).ok("GET", "/me")["role"] == given


@on_one_database
def test_a_role_that_the_blog_gives_is_given_like_any(make_community: MakeCommunity) -> None:
    community = make_community(
        FORUM_SSO_SECRET=SECRET, FORUM_SSO_ISSUER=ISSUER, FORUM_SSO_ROLES="true"
    )
    robin = user(community)
    user(community, role="moderator")
    assert robin.get("/me").status_code == 401
    with community.app.app_context():
        names = db.session.scalars(select(RecordedEvent.name)).all()
    assert "ProfileChanged" in names


@pytest.mark.parametrize("kind", ["RS256", "EdDSA"])
@on_one_database
def test_a_public_key_verifies_tokens_of_its_algorithm_alone(
    make_community: MakeCommunity, kind: str
) -> None:
    private: Any = generate_private_key(65537, 2048) if kind == "RS256" else _ed25519()
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    community = make_community(
        FORUM_SSO_PUBLIC_KEY=pem.decode().replace("\n", "\\n"), FORUM_SSO_ISSUER=ISSUER
    )
    assert sign_in(community, token(private, kind)).status_code == 200
    forged = _as_if_public_key_were_secret(pem)
    assert sign_in(community, forged).status_code == 401
    assert sign_in(community, token(SECRET)).status_code == 401
    assert sign_in(community, token(None, "none")).status_code == 401


def _ed25519() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def _as_if_public_key_were_secret(pem: bytes) -> str:
    """The confusion of keys, which PyJWT itself would not sign."""
    head, body, _ = token(SECRET).split(".")
    signed = hmac.new(pem, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{jwt.utils.base64url_encode(signed).decode()}"


@on_one_database
def test_what_is_no_token_is_refused(community: Community) -> None:
    others = ["not a token", "a.b.c", "....", "é.é.é"]
    assert {sign_in(community, other).status_code for other in others} == {401}


@on_one_database
def test_the_forums_own_tokens_are_none_of_the_blogs(community: Community) -> None:
    assert sign_in(community, community.member().token).status_code == 401


@on_one_database
def test_where_it_is_not_set_up_nobody_signs_in_so(app: Flask) -> None:
    community = Community(app)
    assert sign_in(community, token()).status_code == 404


def test_without_an_issuer_the_service_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="FORUM_SSO_ISSUER"):
        Settings.load({"FORUM_SECRET_KEY": SECRET, "FORUM_SSO_SECRET": SECRET})


@on_one_database
def test_who_has_no_password_leaves_without(community: Community) -> None:
    robin = user(community)
    assert robin.post("/me/erasure", {"content": "keep"}).status_code == 202
    assert robin.get("/me").status_code == 401


@on_one_database
def test_who_has_no_password_gives_an_address_without(community: Community) -> None:
    answer = user(community).post("/auth/email/change", {"email": "robin@example.net"})
    assert (answer.status_code, answer.json["email"]) == (202, "robin@example.net")


@on_one_database
def test_who_has_no_password_signs_in_again_before_what_could_take_the_account(
    community: Community, let_pass: LetPass
) -> None:
    robin, address = user(community), {"email": "robin@example.net"}
    let_pass(minutes=11)
    answers = [
        robin.post("/auth/email/change", address),
        robin.post("/me/erasure", {"content": "keep"}),
    ]
    assert [answer.json["code"] for answer in answers] == ["sign-in-again"] * 2
    assert robin.ok("GET", "/me")["email"] is None
    assert user(community).post("/auth/email/change", address).status_code == 202


def test_who_has_no_password_is_answered_like_a_wrong_one(community: Community) -> None:
    user(community)
    answer = community.passer_by.post("/auth/login", {"login": "robin-w", "password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (401, "invalid-credentials")
