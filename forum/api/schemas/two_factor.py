"""Shapes of second factors."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from forum import examples
from forum.api.schemas.fields import Arguments, Line, Secret, Time


def code(**kwargs: Any) -> Line:
    """A code as people write it: six digits, or a recovery code."""
    return Line(max_length=40, **kwargs)


def password_if_any() -> Secret:
    """The password of who is signed in; whom another site signs in has none to send."""
    told = "Of who has one; others need a session of the last ten minutes."
    return Secret(metadata={"description": told, "example": examples.PASSWORD})


class CodeBody(Arguments):
    code = code(required=True, metadata={"example": "123 456"})


class DisableBody(CodeBody):
    password = password_if_any()


class TwoFactorSchema(ma.Schema):
    enabled = fields.Boolean(required=True)
    since = Time(required=True, allow_none=True)
    recovery_codes_left = fields.Integer(required=True)


class SecretSchema(ma.Schema):
    secret = fields.String(required=True, metadata={"description": "In base 32."})
    uri = fields.String(
        required=True, metadata={"description": "The same as `otpauth://`, to show as a QR code."}
    )


class RecoveryCodesSchema(ma.Schema):
    recovery_codes = fields.List(fields.String(), required=True)
