"""Routes by which passwords are changed and replaced, and of signing in without one.

No answer tells whether an address has an account: whose it is the worker finds out.
"""

from typing import Any

from flask import Response

from forum.accounts import letter_requests, recovery
from forum.accounts.errors import Banned, InvalidCredentials, InvalidMailedToken, WeakPassword
from forum.api import signing_in
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, NEWCOMERS, viewer
from forum.api.schemas.accounts import (
    AddressBody,
    NewPasswordBody,
    RedeemBody,
    ResetBody,
    TokensSchema,
)
from forum.api.schemas.notifications import AskedSchema
from forum.core.db import db, reading_first
from forum.core.http.json import json_response

blueprint = Blueprint("passwords", __name__, description="Passwords, and getting in without one.")


@blueprint.operation(
    "POST",
    "/auth/password",
    who=MEMBERS,
    limit="login",
    body=NewPasswordBody,
    status=204,
    errors=[InvalidCredentials, WeakPassword],
)
def change_password(data: dict[str, Any]) -> Response:
    """Change one's password; all other sessions end."""
    with reading_first():
        hashed = recovery.hash_for_change(db.session(), viewer(), **data)
    recovery.change(db.session(), viewer(), hashed)
    return Response(status=204)


@blueprint.operation(
    "POST",
    "/auth/password/forgot",
    who=NEWCOMERS,
    limit="letter",
    body=AddressBody,
    status=202,
    answer=AskedSchema,
)
def ask_for_reset(data: dict[str, Any]) -> Response:
    """Have a link mailed that replaces the password, if the address has an account."""
    letter_requests.ask_for_reset(db.session(), data["email"])
    return json_response({"state": "asked"}, 202)


@blueprint.operation(
    "POST",
    "/auth/password/reset",
    who=NEWCOMERS,
    limit="login",
    body=ResetBody,
    status=204,
    errors=[InvalidMailedToken, WeakPassword, Banned],
)
def reset_password(data: dict[str, Any]) -> Response:
    """Replace the password by what was mailed; all sessions and tokens of the member end."""
    with reading_first():
        hashed = recovery.hash_for_reset(db.session(), **data)
    recovery.reset(db.session(), data["token"], hashed)
    return Response(status=204)


@blueprint.operation(
    "POST",
    "/auth/link",
    who=NEWCOMERS,
    limit="letter",
    body=AddressBody,
    status=202,
    answer=AskedSchema,
)
def ask_for_link(data: dict[str, Any]) -> Response:
    """Have a link mailed that signs in, if somebody has confirmed the address."""
    letter_requests.ask_for_link(db.session(), data["email"])
    return json_response({"state": "asked"}, 202)


@blueprint.operation(
    "POST",
    "/auth/link/redeem",
    who=NEWCOMERS,
    limit="login",
    body=RedeemBody,
    answer=TokensSchema,
    errors=[InvalidMailedToken, *signing_in.REFUSALS],
)
def sign_in_by_link(data: dict[str, Any]) -> Response:
    """Sign in by what was mailed."""
    member_id = recovery.redeem_link(db.session(), data["token"])
    return signing_in.begin_session(member_id, data.get("code"))
