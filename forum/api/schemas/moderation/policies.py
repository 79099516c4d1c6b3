"""Shapes of pre-moderation policies."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.fields import Arguments, Flag, JsonInteger, Line, one_of
from forum.api.schemas.texts import MAX_REASON_LENGTH
from forum.moderation.premoderation.queries import SOURCES

MOST = 10_000


def _number(description: str) -> fields.Integer:
    return JsonInteger(
        load_default=0,
        validate=validate.Range(min=0, max=MOST),
        metadata={"description": description, "example": 0},
    )


def _flag(description: str) -> fields.Boolean:
    return Flag(load_default=False, metadata={"description": description, "example": False})


class PolicyBody(Arguments):
    """Whose texts wait for a moderator; what is left out lets nobody's wait."""

    everybody = _flag("All but moderators.")
    guests = _flag("Who has no account.")
    unconfirmed = _flag("Members who have not confirmed their address.")
    first_texts = _number("So many texts of a member; 0: none.")
    with_links = _flag("Texts with a link.")
    younger_than_days = _number("Accounts younger than so many days; 0: none.")
    trusted_after = _number("Nobody waits of whom so many texts were approved; 0: all do.")
    reason = Line(
        max_length=MAX_REASON_LENGTH,
        load_default=None,
        allow_none=True,
        metadata={"example": "A wave of spam."},
    )


class PolicySchema(ma.Schema):
    everybody = fields.Boolean(required=True)
    guests = fields.Boolean(required=True)
    unconfirmed = fields.Boolean(required=True)
    first_texts = fields.Integer(required=True)
    with_links = fields.Boolean(required=True)
    younger_than_days = fields.Integer(required=True)
    trusted_after = fields.Integer(required=True)
    source = one_of(
        *SOURCES,
        required=True,
        metadata={"description": "Where it is set: for the post, the community, or neither."},
    )
