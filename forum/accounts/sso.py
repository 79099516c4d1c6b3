"""Single sign-on: tokens in which the blog says who its user is (JWT, RFC 7519).

Which key verifies a token depends on nothing in it but the algorithm, and each algorithm has one.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from forum.accounts.errors import NoSuchSignIn, SignInRefused
from forum.accounts.vouching import Vouched, identifier
from forum.config import Settings
from forum.core import clock

LONGEST_LIFE = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True)
class SignInToken:
    """A verified token: whom it vouches for, and what makes it good only once."""

    vouched: Vouched
    token_id: str
    expires_at: datetime


def read(settings: Settings, token: str) -> SignInToken:
    """What a token says; raises `SignInRefused`, or `NoSuchSignIn` where nobody signs in so."""
    claims = _verified(settings, token)
    return SignInToken(
        Vouched.by(settings.sso_issuer, claims), identifier(claims, "jti"), _end_of_life(claims)
    )


def _verified(settings: Settings, token: str) -> dict[str, Any]:
    keys = _keys(settings.sso_secret, settings.sso_public_key)
    if not keys:
        raise NoSuchSignIn
    try:
        algorithm = jwt.get_unverified_header(token).get("alg")
        if algorithm not in keys:
            raise SignInRefused("The algorithm is not that of a key of this forum.")
        verified: dict[str, Any] = jwt.decode(
            token,
            keys[algorithm],
            algorithms=[algorithm],
            issuer=settings.sso_issuer,
            audience=settings.sso_audience or settings.base_url,
            options={
                "require": ["iss", "aud", "sub", "exp", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise SignInRefused(str(error)) from error
    return verified


def _end_of_life(claims: Mapping[str, Any]) -> datetime:
    """When a token that is good now ends, by the clock of the forum."""
    now = clock.now()
    expires_at = _moment(claims, "exp")
    issued_at = _moment(claims, "iat") if "iat" in claims else now
    if expires_at <= now:
        raise SignInRefused("exp: the token has expired.")
    if expires_at > min(issued_at, now) + LONGEST_LIFE + CLOCKS_DIFFER:
        raise SignInRefused("exp: a token is good for ten minutes at most.")
    starts = [issued_at, *([_moment(claims, "nbf")] if "nbf" in claims else [])]
    if max(starts) > now + CLOCKS_DIFFER:
        raise SignInRefused("iat, nbf: the token is not good yet.")
    return expires_at


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SignInRefused(f"{name}: expected seconds since 1970.")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise SignInRefused(f"{name}: expected seconds since 1970.") from error


@cache
def _keys(secret: str, public_key: str) -> dict[str, Any]:
    """By algorithm; `forum.values` has seen to it that they are fit for it."""
    keys: dict[str, Any] = {"HS256": secret} if secret else {}
    if public_key:
        key = load_pem_public_key(public_key.encode())
        keys["RS256" if isinstance(key, RSAPublicKey) else "EdDSA"] = key
    return keys
