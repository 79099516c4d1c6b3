"""Routes of second factors: codes that signing in asks for after the password."""

from typing import Any

from flask import Response

from forum.accounts import presence, second_factor
from forum.accounts.errors import (
    InvalidCredentials,
    SecondFactorInForce,
    SecondFactorNotSetUp,
    SignInAgain,
    TooManyCodes,
    WrongCode,
)
from forum.accounts.grants import SIGNED_IN
from forum.accounts.queries import member_by_id
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.two_factor import (
    CodeBody,
    DisableBody,
    RecoveryCodesSchema,
    SecretSchema,
    TwoFactorSchema,
)
from forum.core.db import db, reading_first
from forum.core.http.json import json_response

blueprint = Blueprint("two_factor", __name__, description="Codes asked for after the password.")

CODES = (WrongCode, TooManyCodes)


@blueprint.operation(
    "GET", "/auth/two-factor", who=MEMBERS, scope=SIGNED_IN, answer=TwoFactorSchema
)
def two_factor() -> Response:
    """Whether signing in takes a code, and how many for a lost device are left."""
    since = member_by_id(db.session(), viewer().id).two_factor_at
    left = second_factor.recovery_codes_left(db.session(), viewer().id)
    shown = {"enabled": since is not None, "since": since, "recovery_codes_left": left}
    return json_response(shown)


@blueprint.operation(
    "POST",
    "/auth/two-factor",
    who=MEMBERS,
    limit="login",
    answer=SecretSchema,
    errors=[SecondFactorInForce],
)
def set_up_two_factor() -> Response:
    """Get a secret for an app that shows codes; it counts from when a code of it is confirmed."""
    secret, uri = second_factor.set_up(db.session(), viewer())
    return json_response({"secret": secret, "uri": uri})


@blueprint.operation(
    "POST",
    "/auth/two-factor/confirm",
    who=MEMBERS,
    limit="login",
    body=CodeBody,
    answer=RecoveryCodesSchema,
    errors=[SecondFactorInForce, SecondFactorNotSetUp, *CODES],
)
def confirm_two_factor(data: dict[str, Any]) -> Response:
    """Have signing in ask for codes from now on; other sessions end.

    The recovery codes are told this once: each stands in for a code once.
    """
    codes = second_factor.confirm(db.session(), viewer(), data["code"])
    return json_response({"recovery_codes": codes})


@blueprint.operation(
    "POST",
    "/auth/two-factor/recovery-codes",
    who=MEMBERS,
    limit="login",
    body=CodeBody,
    answer=RecoveryCodesSchema,
    errors=[SecondFactorNotSetUp, *CODES],
)
def renew_recovery_codes(data: dict[str, Any]) -> Response:
    """Get new recovery codes; the old ones are good no longer."""
    codes = second_factor.renew_recovery_codes(db.session(), viewer(), data["code"])
    return json_response({"recovery_codes": codes})


@blueprint.operation(
    "POST",
    "/auth/two-factor/disable",
    who=MEMBERS,
    limit="login",
    body=DisableBody,
    status=204,
    errors=[SecondFactorNotSetUp, InvalidCredentials, SignInAgain, *CODES],
)
def disable_two_factor(data: dict[str, Any]) -> Response:
    """Have signing in ask for no code; takes one and the password, or else a new session."""
    with reading_first():
        presence.require(db.session(), viewer(), data.get("password"))
    second_factor.disable(db.session(), viewer(), data["code"])
    return Response(status=204)
