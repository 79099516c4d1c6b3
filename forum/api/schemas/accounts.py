"""Shapes of accounts."""

import marshmallow as ma
from marshmallow import fields, validate

from forum import examples
from forum.accounts.models import ROLES
from forum.accounts.names import USERNAME_PATTERN
from forum.api.schemas.fields import Arguments, EmailAddress, Line, Secret, Time, one_of
from forum.api.schemas.two_factor import code, password_if_any

MAX_TOKEN_LENGTH = 8_000


class RegisterBody(Arguments):
    username = fields.String(
        required=True,
        validate=validate.Regexp(USERNAME_PATTERN.replace("$", r"\Z")),
        metadata={
            "pattern": USERNAME_PATTERN,
            "minLength": 2,
            "maxLength": 32,
            "example": "robin-w",
        },
    )
    email = EmailAddress(required=True, metadata={"example": "robin@example.org"})
    password = Secret(required=True, metadata={"example": "three quiet harbour lights"})
    display_name = Line(max_length=80, metadata={"example": "Robin W."})


class LoginBody(Arguments):
    login = Line(
        max_length=254,
        required=True,
        metadata={"description": "Name or e-mail address.", "example": examples.LOGIN},
    )
    password = Secret(required=True, metadata={"example": examples.PASSWORD})
    code = code()


class ProfileBody(Arguments):
    display_name = Line(max_length=80, required=True, metadata={"example": "Robin"})


class ErasureBody(Arguments):
    password = password_if_any()
    content = one_of("keep", "remove", required=True)


class MailedTokenBody(Arguments):
    token = Line(
        max_length=200,
        required=True,
        metadata={"description": "From the mail.", "example": "from-the-mail"},
    )


class RedeemBody(MailedTokenBody):
    code = code()


class AddressBody(Arguments):
    email = EmailAddress(required=True, metadata={"example": "robin@example.org"})


class NewAddressBody(AddressBody):
    password = password_if_any()


class ResetBody(MailedTokenBody):
    password = Secret(required=True, metadata={"example": "three quiet harbour lights"})


class NewPasswordBody(Arguments):
    password = Secret(
        required=True, metadata={"description": "The old one.", "example": examples.PASSWORD}
    )
    new_password = Secret(required=True, metadata={"example": examples.PASSWORD})


class ConfirmedSchema(ma.Schema):
    state = fields.Constant("confirmed", required=True)


class TokensSchema(ma.Schema):
    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class AuthorSchema(ma.Schema):
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    role = one_of(*ROLES, "guest", required=True)


class VouchingBody(Arguments):
    token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_TOKEN_LENGTH),
        metadata={
            "description": "In which another site says who somebody is.",
            "example": "eyJh.eyJz.c2ln",
        },
    )


class SsoBody(VouchingBody):
    """A JWT signed by the blog."""

    code = code()


class ProfileSchema(AuthorSchema):
    """What an account shows beside the author's names."""

    avatar_url = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "As the site it signs in with says."},
    )


class UserSchema(ProfileSchema):
    """An account as its owner sees it."""

    id = fields.Integer(required=True)
    email = fields.String(required=True, allow_none=True)
    email_confirmed = fields.Boolean(required=True)
    new_email = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Replaces the address once it is confirmed."},
    )
    created_at = Time(required=True)


class StandingSchema(ma.Schema):
    technical_path = fields.Integer(data_key="technical-path", required=True)
    management_path = fields.Integer(data_key="management-path", required=True)


class PublicUserSchema(ProfileSchema):
    """An account as everybody sees it."""

    created_at = Time(required=True)
    standing = fields.Nested(StandingSchema, required=True)


class ErasureSchema(ma.Schema):
    state = fields.Constant("erased", required=True)
