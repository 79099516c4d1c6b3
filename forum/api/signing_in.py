"""Where every way of signing in ends: a session begins, and its tokens are told."""

import re

from flask import Response, current_app, request
from flask_jwt_extended import create_access_token, create_refresh_token

from forum.accounts import second_factor, seen_addresses, sessions
from forum.accounts.errors import SecondFactorNeeded, TooManyCodes, WrongCode
from forum.accounts.models import SignIn
from forum.config import settings_in
from forum.core.db import db
from forum.core.http import quota
from forum.core.http.json import json_response

REFUSALS = (SecondFactorNeeded, WrongCode, TooManyCodes)


def begin_session(member_id: int, code: str | None) -> Response:
    """Sign in a member who has proved to be one, and tell the tokens of the new session.

    `code` is of their second factor; raises one of `REFUSALS`, where they have one.
    """
    second_factor.require(db.session(), member_id, code)
    return token_pair(sessions.begin(db.session(), member_id, _user_agent()))


def token_pair(sign_in: SignIn) -> Response:
    """The access and the refresh token of a session, which somebody now uses from an address."""
    seen_addresses.see(db.session(), sign_in.member_id, quota.address())
    identity, claims = str(sign_in.member_id), {"sid": sign_in.id}
    tokens = {
        "access_token": create_access_token(identity, additional_claims=claims),
        "refresh_token": create_refresh_token(
            identity, additional_claims={**claims, "jti": sign_in.refresh_id}
        ),
        "token_type": "Bearer",
        "expires_in": settings_in(current_app).access_token_minutes * 60,
    }
    return json_response(tokens)


def _user_agent() -> str:
    """What the program says it is, in the characters of names of programs."""
    return re.sub("[^ -~]", "", request.headers.get("User-Agent", ""))
