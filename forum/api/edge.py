"""What every request of the API passes: who asks, how often, and whether it was asked before."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import structlog
from flask import Response, current_app, g, make_response, request
from flask_jwt_extended import decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError
from sqlalchemy import Row

from forum.accounts import access_tokens
from forum.accounts import queries as accounts
from forum.accounts.errors import InsufficientScope, InvalidToken, TwoFactorRequired
from forum.accounts.grants import SIGNED_IN
from forum.accounts.identity import PASSER_BY, Viewer, caller_name, viewer_of
from forum.accounts.models import Member
from forum.config import NO_GUESTS, settings_in
from forum.core import audit, clock, idempotency
from forum.core.db import db, reading_first
from forum.core.errors import BadRequest, Forbidden, Refusal, Unauthorized
from forum.core.http import quota
from forum.core.http.transactions import SAFE_METHODS, written_before
from forum.core.idempotency import KeyedRequest
from forum.core.seals import seal, unseal
from forum.guests import tokens as guest_tokens
from forum.moderation.spam.suspects import Sender

BASE = "/api/v1"

ANYONE = "anyone"
MEMBERS = "member"
WRITERS = "member or, where the owner lets them in, guest"
AUTHORS = "member, or guest with the token of the text"
MODERATORS = "moderator"
ADMINS = "admin"
STAFF = frozenset({MODERATORS, ADMINS})

NEWCOMERS = "newcomer"
REFRESHERS = "holder of a refresh token"

WITHOUT_ACCESS = frozenset({NEWCOMERS, REFRESHERS})
"""Those of whom no access token is expected: one that comes along, expired perhaps, is ignored."""
EVERYBODY = WITHOUT_ACCESS | {ANYONE}

ANSWERS = "answers to requests with a key"
"""They are kept sealed, for some tell a secret that is told once."""
IDEMPOTENCY_KEY_PATTERN = "^[!-~]{1,255}$"

_MAY: dict[str, Callable[[Viewer], bool]] = {
    **{who: lambda _: True for who in EVERYBODY},
    MEMBERS: lambda viewer: viewer.is_member,
    WRITERS: lambda viewer: viewer.is_member or (viewer == PASSER_BY and _lets_guests_in()),
    AUTHORS: lambda viewer: viewer.is_member or viewer.is_guest,
    MODERATORS: lambda viewer: viewer.is_moderator,
    ADMINS: lambda viewer: viewer.is_admin,
}


def viewer() -> Viewer:
    """Who sends the current request."""
    found: Viewer = g.viewer
    return found


def sender() -> Sender:
    """Where the current request comes from."""
    return Sender(request.remote_addr or "", request.headers.get("User-Agent", ""))


def meet_passer_by() -> None:
    """Ask nobody who they are."""
    g.viewer = PASSER_BY


def authenticate() -> None:
    """Find out who asks, in a read that is over before a write begins."""
    meet_passer_by()
    if "Authorization" not in request.headers:
        return
    try:
        g.viewer = _bearer()
    except InvalidToken:
        count_request(_policy())
        raise
    structlog.contextvars.bind_contextvars(member=g.viewer.member_id)
    if request.method not in SAFE_METHODS:
        db.session.rollback()


def count_lost() -> None:
    """Count who asks the API for what it does not have like everybody else."""
    if request.routing_exception is not None and request.path.startswith(f"{BASE}/"):
        authenticate()
        count_request(_policy())


def _bearer() -> Viewer:
    """Who the bearer token stands for; raises `InvalidToken`."""
    token = _bearer_token()
    if token.startswith(access_tokens.PREFIX):
        return _holder(token)
    if token.startswith(guest_tokens.PREFIX):
        return guest_tokens.holder(db.session(), token)
    claims = token_claims("access")
    return accounts.viewer_of_sign_in(db.session(), claims["sid"], int(claims["sub"]))


def _holder(token: str) -> Viewer:
    holder, is_to_be_noted = access_tokens.holder(db.session(), token)
    if is_to_be_noted:
        with written_before():
            access_tokens.note_use(db.session(), token)
    return holder


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken
    return token.strip()


def token_claims(kind: str) -> dict[str, Any]:
    """The claims of the bearer token, which must be of this kind; raises `InvalidToken`."""
    try:
        claims = _verified(_bearer_token(), str(current_app.secret_key))
    except (PyJWTError, JWTExtendedException, ValueError) as error:
        raise InvalidToken from error
    if claims.get("type") != kind or not isinstance(claims.get("sid"), int):
        raise InvalidToken
    if claims.get("exp", math.inf) <= clock.now().timestamp():
        raise InvalidToken
    return claims


@lru_cache(1000)
def _verified(token: str, _secret_key: str) -> dict[str, Any]:
    """The claims of a token: a signature is good once and for all, and verified once."""
    claims: dict[str, Any] = decode_token(token)
    return claims


def require(who: str, scope: str) -> None:
    """Raise `Unauthorized` or `Forbidden` unless the viewer is one of `who`.

    Raises `InsufficientScope` where a token is not for it, and `TwoFactorRequired` of staff.
    """
    if not viewer().has_scope(scope):
        raise InsufficientScope(scope=None if scope == SIGNED_IN else scope)
    if who in STAFF and viewer().lacks_second_factor:
        raise TwoFactorRequired
    if _MAY[who](viewer()):
        return
    raise Unauthorized if viewer() == PASSER_BY else Forbidden


def _lets_guests_in() -> bool:
    return settings_in(current_app).guests != NO_GUESTS


def require_log() -> None:
    """Raise `RuntimeError` if the audit log does not tell what this request has changed."""
    if not audit.is_settled(db.session()):
        raise RuntimeError("What a moderator does is to be logged in its transaction.")


def caller() -> str:
    """Whom limits and keys count for: the member or, without an account, the address."""
    return caller_name(viewer().id) if viewer().is_member else quota.address()


def welcome(member: Member) -> None:
    """From here on, the request is that of a member who has just got an account."""
    g.viewer = viewer_of(member)


def count_request(policy: str) -> None:
    """Count the request for its caller; raises `TooManyRequests`."""
    quota.count(policy, caller())


def _policy() -> str:
    """What limits a request that has no limit of its own."""
    return "read" if request.method in SAFE_METHODS else "write"


def answer_once(view: Callable[[], Any]) -> Response:
    """Answer a request that creates; with an `Idempotency-Key`, answer a repetition as the first.

    So is the slower of two racing requests, whose effect is undone. The view begins to write when
    it has prepared what takes time. Raises `IdempotencyKeyReused` or `RequestInFlight`.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return make_response(view())
    if not re.fullmatch(IDEMPOTENCY_KEY_PATTERN, key):
        raise BadRequest("Idempotency-Key: 1 to 255 visible ASCII characters.")
    keyed = KeyedRequest(caller(), key, _fingerprint())
    earlier = _earlier_answer(keyed)
    if earlier is None:
        idempotency.claim(db.session(), keyed)
        try:
            return _first_answer(keyed, view)
        except Refusal:  # perhaps of what the faster one has done
            db.session.rollback()
            earlier = _earlier_answer(keyed)
            if earlier is None:
                raise
    return _replayed(earlier)


def _earlier_answer(keyed: KeyedRequest) -> Row[Any] | None:
    with reading_first():
        return idempotency.earlier_answer(db.session(), keyed)


def _first_answer(keyed: KeyedRequest, view: Callable[[], Any]) -> Response:
    response = make_response(view())
    idempotency.remember(
        db.session(),
        keyed,
        caller(),
        response.status_code,
        seal(_secret(), ANSWERS, response.get_data(as_text=True)).encode(),
        response.headers.get("Location"),
    )
    return response


def _fingerprint() -> str:
    """Tells requests apart, but to who sees it without our secret nothing of a password in one."""
    parts = (_secret().encode(), request.method.encode(), request.full_path.encode())
    return idempotency.fingerprint(*parts, request.get_data())


def _secret() -> str:
    return settings_in(current_app).secret_key


def _replayed(earlier: Row[Any]) -> Response:
    body = unseal(_secret(), ANSWERS, earlier.body.decode())
    response = Response(body, status=earlier.status, mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    if earlier.location:
        response.headers["Location"] = earlier.location
    return response
