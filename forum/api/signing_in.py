"""Where every way of signing in ends: a session begins, and its tokens are told."""

from flask import Response, current_app
from flask_jwt_extended import create_access_token, create_refresh_token

from forum.accounts import commands
from forum.accounts.models import SignIn
from forum.config import settings_in
from forum.core.db import db
from forum.core.http.json import json_response


def begin_session(member_id: int) -> Response:
    """Sign in a member who has proved to be one, and tell the tokens of the new session."""
    return token_pair(commands.open_session(db.session(), member_id))


def token_pair(sign_in: SignIn) -> Response:
    """The access and the refresh token of a session."""
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
