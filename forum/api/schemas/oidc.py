"""Shapes of signing in with a provider of OpenID Connect."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.accounts import MAX_TOKEN_LENGTH, VouchingBody
from forum.api.schemas.fields import (
    MAX_NUMBER,
    OPTIONAL,
    Arguments,
    PageAddress,
    WholeNumber,
)
from forum.api.schemas.two_factor import code

CHALLENGE_PATTERN = r"^[A-Za-z0-9_-]{43}$"
VERIFIER_PATTERN = r"^[A-Za-z0-9._~-]{43,128}$"
"""As RFC 7636 has them."""


def _matching(pattern: str, description: str, example: str) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Regexp(pattern.replace("$", r"\Z")),
        metadata={"pattern": pattern, "description": description, "example": example},
    )


class StartQuery(Arguments):
    return_to = PageAddress(
        required=True,
        metadata={
            "description": "A page of an allowed origin; `#sign_in=` or `#error=` is added.",
            "example": "http://127.0.0.1:8000/",
        },
    )
    challenge = _matching(
        CHALLENGE_PATTERN,
        "SHA-256 of a `verifier` that the page keeps to itself, in base64url without padding.",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    )
    session = WholeNumber(
        validate=validate.Range(min=1, max=MAX_NUMBER),
        **OPTIONAL,
        metadata={
            "description": "The session whose member joins the identity; left out to sign in."
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


class HandedBody(VouchingBody):
    """What the page was handed as `#sign_in=`, and what its challenge was made of."""

    verifier = _matching(
        VERIFIER_PATTERN,
        "Of which the page told the `challenge` when it began.",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    )


class RedeemHandedBody(HandedBody):
    code = code()
