"""Shapes of signing in with a provider of OpenID Connect."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.accounts import MAX_TOKEN_LENGTH
from forum.api.schemas.fields import OPTIONAL, Arguments, PageAddress


class StartQuery(Arguments):
    return_to = PageAddress(
        required=True,
        metadata={
            "description": "A page of an allowed origin; `#sign_in=` or `#error=` is added.",
            "example": "http://127.0.0.1:8000/",
        },
    )


class ReturnQuery(ma.Schema):
    """What providers add besides is theirs."""

    class Meta:
        unknown = ma.EXCLUDE

    state = fields.String(
        required=True, validate=validate.Length(min=1, max=200), metadata={"example": "made-up"}
    )
    code = fields.String(**OPTIONAL, validate=validate.Length(min=1, max=MAX_TOKEN_LENGTH))
    iss = fields.String(**OPTIONAL, validate=validate.Length(max=2000))
    error = fields.String(**OPTIONAL, validate=validate.Length(max=200))
