"""What every request of the API passes: who asks, how often, and whether it was asked before."""

import re
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, make_response, request
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError

from forum.accounts import queries as accounts
from forum.accounts.errors import InvalidToken
from forum.accounts.identity import PASSER_BY, Viewer
from forum.core import idempotency
from forum.core.db import db
from forum.core.errors import BadRequest, Forbidden, TooManyRequests, Unauthorized
from forum.core.http.proxies import rate_limit_address
from forum.core.http.transactions import SAFE_METHODS
from forum.core.idempotency import KeyedRequest
from forum.core.ratelimits import RateLimits, Usage

ANYONE = "anyone"
MEMBERS = "member"
MODERATORS = "moderator"
ADMINS = "admin"

REFRESHERS = "holder of a refresh token"

REFRESH_ENDPOINT = "accounts.refresh"
"""The one endpoint whose bearer token is not an access token."""

IDEMPOTENCY_KEY_PATTERN = "^[!-~]{1,255}$"

_MAY: dict[str, Callable[[Viewer], bool]] = {
    ANYONE: lambda _: True,
    REFRESHERS: lambda _: True,
    MEMBERS: lambda viewer: viewer.is_member,
    MODERATORS: lambda viewer: viewer.is_moderator,
    ADMINS: lambda viewer: viewer.is_admin,
}


def viewer() -> Viewer:
    """Who sends the current request."""
    found: Viewer = g.viewer
    return found


def authenticate() -> None:
    """Find out who asks, in a read that is over before a write begins."""
    g.viewer = PASSER_BY
    if "Authorization" not in request.headers or request.endpoint == REFRESH_ENDPOINT:
        return
    is_write = request.method not in SAFE_METHODS
    try:
        claims = token_claims("access")
        g.viewer = accounts.viewer_of_sign_in(db.session(), claims["sid"], int(claims["sub"]))
    except InvalidToken:
        count_request("write" if is_write else "read")
        raise
    g.member_id = g.viewer.member_id
    if is_write:
        db.session.rollback()


def token_claims(kind: str) -> dict[str, Any]:
    """The claims of the bearer token, which must be of this kind; raises `InvalidToken`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken
    try:
        claims: dict[str, Any] = decode_token(token.strip())
    except (PyJWTError, JWTExtendedException, ValueError) as error:
        raise InvalidToken from error
    if claims.get("type") != kind or not isinstance(claims.get("sid"), int):
        raise InvalidToken
    return claims


def require(who: str) -> None:
    """Raise `Unauthorized` or `Forbidden` unless the viewer is one of `who`."""
    if _MAY[who](viewer()):
        return
    raise Forbidden if viewer().is_member else Unauthorized


def caller() -> str:
    """Whom limits and keys count for: the member or, signed out, the address."""
    member_id = viewer().member_id
    return f"member:{member_id}" if member_id else rate_limit_address(request.remote_addr or "")


def count_request(policy: str) -> None:
    """Count the request; raises `TooManyRequests`."""
    limits: RateLimits | None = current_app.extensions["ratelimits"]
    if limits is None:
        return
    usage = limits.hit(policy, caller())
    g.usage = usage
    if not usage.allowed:
        raise TooManyRequests(headers={"Retry-After": str(max(1, usage.reset))})


def add_limit_headers(response: Response) -> Response:
    """Tell the caller their figures, except in answers that caches may share."""
    usage: Usage | None = g.get("usage")
    is_shared = request.method in SAFE_METHODS and not viewer().is_member
    if usage is not None and (not is_shared or response.status_code == 429):
        response.headers["RateLimit-Policy"] = f'"{usage.policy}";q={usage.limit};w={usage.window}'
        response.headers["RateLimit"] = f'"{usage.policy}";r={usage.remaining};t={usage.reset}'
    return response


def answer_once(view: Callable[[], Any]) -> Response:
    """Answer a request that creates; with an `Idempotency-Key`, answer a repetition as the first.

    Raises `IdempotencyKeyReused` or `RequestInFlight`.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return make_response(view())
    if not re.fullmatch(IDEMPOTENCY_KEY_PATTERN, key):
        raise BadRequest("Idempotency-Key: 1 to 255 visible ASCII characters.")
    keyed = KeyedRequest(
        caller(),
        key,
        idempotency.fingerprint(
            request.method.encode(), request.full_path.encode(), request.get_data()
        ),
    )
    earlier = idempotency.earlier_answer(db.session(), keyed)
    if earlier is not None:
        return _replayed(earlier)
    response = make_response(view())
    idempotency.remember(
        db.session(),
        keyed,
        response.status_code,
        response.get_data(),
        response.headers.get("Location"),
    )
    return response


def _replayed(earlier: idempotency.KeyedAnswer) -> Response:
    response = Response(earlier.body, status=earlier.status, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if earlier.location:
        response.headers["Location"] = earlier.location
    return response
