"""Shapes of what threads and replies have in common."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import OPTIONAL, Arguments, JsonInteger, Line, Time, one_of

MAX_TITLE_LENGTH = 200
MAX_REASON_LENGTH = 500


class VoteBody(Arguments):
    value = JsonInteger(required=True, validate=validate.OneOf([1, -1]), metadata={"example": 1})


class ReasonBody(Arguments):
    reason = Line(
        max_length=MAX_REASON_LENGTH,
        required=True,
        metadata={"example": "Everything has been said."},
    )


class RemovalQuery(Arguments):
    reason = Line(
        max_length=MAX_REASON_LENGTH,
        **OPTIONAL,
        metadata={"description": "Why a moderator removes what somebody else wrote."},
    )


class VotesSchema(ma.Schema):
    up = fields.Integer(required=True)
    down = fields.Integer(required=True)
    score = fields.Integer(required=True)


class VotedSchema(ma.Schema):
    votes = fields.Nested(VotesSchema, required=True)
    my_vote = fields.Integer(required=True, allow_none=True)


class TextSchema(ma.Schema):
    """A thread or reply; author and words are null in a tombstone."""

    id = fields.Integer(required=True)
    author = fields.Nested(AuthorSchema, required=True, allow_none=True)
    body = fields.String(
        required=True, allow_none=True, metadata={"description": "Markdown as written."}
    )
    body_html = fields.String(
        required=True, allow_none=True, metadata={"description": "Rendered and safe."}
    )
    votes = fields.Nested(VotesSchema, required=True)
    state = one_of("visible", "held", "removed", "deleted", required=True)
    reply_count = fields.Integer(
        required=True, metadata={"description": "Visible replies anywhere below."}
    )
    created_at = Time(required=True)
    edited_at = Time(required=True, allow_none=True)
    url = fields.String(required=True, metadata={"description": "Permalink."})
    my_vote = fields.Integer(
        allow_none=True, metadata={"description": "Only for a signed-in reader."}
    )
