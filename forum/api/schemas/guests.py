"""Shapes of writing without an account."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.fields import Arguments, EmailAddress, Line


class GuestBody(Arguments):
    """Who writes without an account."""

    name = Line(max_length=80, required=True, metadata={"example": "Robin W."})
    email = EmailAddress(
        metadata={"description": "Shown to nobody.", "example": "robin@example.org"}
    )


class ByGuestBody(Arguments):
    """What guests may send, too."""

    guest = fields.Nested(
        GuestBody,
        metadata={"description": "Only of who is not signed in, where guests may write."},
    )


class GuestTokenSchema(ma.Schema):
    """What is told to guests alone."""

    guest_token = fields.String(
        metadata={
            "description": "Only for a guest: a bearer token to change this text for 15 minutes."
        }
    )


class GuestConfirmationBody(Arguments):
    token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "From the link in the mail.", "example": "jJ0qvQ2Yb0U"},
    )


class GuestConfirmedSchema(ma.Schema):
    state = fields.Constant("confirmed", required=True)
