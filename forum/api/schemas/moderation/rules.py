"""Shapes of watch rules."""

import marshmallow as ma
from marshmallow import fields, validate

from forum import examples
from forum.api.schemas.fields import Arguments, JsonInteger, Line, PageSchema, Time, one_of
from forum.api.schemas.posts import post_slug
from forum.moderation.rules.models import ACTIONS, AUDIENCES, EVERYBODY, FLAG, KINDS, WORD

MOST_REPLIES = 1_000
_MOST = 100_000


def _number(description: str) -> fields.Integer:
    return JsonInteger(
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=1, max=_MOST),
        metadata={"description": description, "example": None},
    )


class RuleBody(Arguments):
    kind = one_of(*KINDS, required=True, metadata={"example": WORD})
    action = one_of(*ACTIONS, required=True, metadata={"example": FLAG})
    value = Line(
        max_length=500,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The word, phrase, pattern (RE2) or domain.",
            "example": "casino",
        },
    )
    number = _number(
        "Of `links`: how many are too many. Of `speed`: how many texts are enough. "
        "Of `duplicate`: how many characters a text has that may not be repeated."
    )
    minutes = _number("Of `speed` and `duplicate`: how far they look back.")
    audience = one_of(
        *AUDIENCES,
        default=EVERYBODY,
        metadata={"description": "Newcomers are guests, and members of less than seven days."},
    )
    post = post_slug(examples.SLUG, load_default=None, allow_none=True)


class RuleSchema(ma.Schema):
    id = fields.Integer(required=True)
    kind = one_of(*KINDS, required=True)
    action = one_of(*ACTIONS, required=True)
    value = fields.String(required=True, allow_none=True)
    number = fields.Integer(required=True, allow_none=True)
    minutes = fields.Integer(required=True, allow_none=True)
    audience = one_of(*AUDIENCES, required=True)
    post = fields.String(required=True, allow_none=True)
    created_at = Time(required=True)
    changed_at = Time(required=True)


class RuleListSchema(ma.Schema):
    items = fields.List(fields.Nested(RuleSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class TrialBody(Arguments):
    replies = JsonInteger(
        load_default=200,
        validate=validate.Range(min=1, max=MOST_REPLIES),
        metadata={"description": "How many of the latest replies are looked at.", "example": 200},
    )


class CaughtReplySchema(ma.Schema):
    reply_id = fields.Integer(required=True, metadata={"example": examples.ID})
    found = fields.List(fields.String(), required=True)
    removed = fields.Boolean(
        required=True, metadata={"description": "Whether a moderator removed it."}
    )


class TrialSchema(ma.Schema):
    replies = fields.Integer(required=True, metadata={"description": "Looked at."})
    removed = fields.Integer(required=True, metadata={"description": "Of these, by moderators."})
    caught = fields.Integer(required=True)
    caught_and_removed = fields.Integer(required=True)
    items = fields.List(
        fields.Nested(CaughtReplySchema),
        required=True,
        metadata={"description": "The latest hundred that it caught."},
    )
