"""Routes by which addresses are confirmed and changed.

No answer tells whether an address has an account: whose it is the worker finds out.
"""

from typing import Any

from flask import Response

from forum.accounts import emails, presence
from forum.accounts.errors import Banned, InvalidCredentials, InvalidMailedToken, SignInAgain
from forum.api import representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, NEWCOMERS, viewer
from forum.api.schemas.accounts import (
    ConfirmedSchema,
    MailedTokenBody,
    NewAddressBody,
    UserSchema,
)
from forum.api.schemas.notifications import AskedSchema
from forum.core.db import db, reading_first
from forum.core.http.json import json_response

blueprint = Blueprint("emails", __name__, description="Addresses, and whose they are.")


@blueprint.operation(
    "POST",
    "/auth/email/confirm",
    who=NEWCOMERS,
    limit="login",
    body=MailedTokenBody,
    answer=ConfirmedSchema,
    errors=[InvalidMailedToken, Banned],
)
def confirm_email(data: dict[str, Any]) -> Response:
    """Confirm an address by what was mailed to it; nobody has to be signed in."""
    emails.confirm(db.session(), data["token"])
    return json_response({"state": "confirmed"})


@blueprint.operation(
    "POST", "/auth/email/resend", who=MEMBERS, limit="letter", status=202, answer=AskedSchema
)
def ask_to_confirm_again() -> Response:
    """Have another link mailed to the address that one has still to confirm."""
    emails.ask_again(db.session(), viewer())
    return json_response({"state": "asked"}, 202)


@blueprint.operation(
    "POST",
    "/auth/email/change",
    who=MEMBERS,
    limit="letter",
    body=NewAddressBody,
    status=202,
    answer=UserSchema,
    errors=[InvalidCredentials, SignInAgain],
)
def change_email(data: dict[str, Any]) -> Response:
    """Ask for another address: it is mailed a link that confirms it, and the old one is told.

    A confirmed address stays until the new one is confirmed.
    """
    with reading_first():
        presence.require(db.session(), viewer(), data.get("password"))
    member = emails.change(db.session(), viewer(), data["email"])
    return json_response(representations.user(member), 202)
