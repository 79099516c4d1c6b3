"""Shapes of sanctions."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.accounts.models import SANCTIONS, SCOPES, WRITING
from forum.accounts.sanctions import STATES
from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import (
    OPTIONAL,
    Arguments,
    GivenTime,
    JsonInteger,
    Line,
    PageSchema,
    Text,
    Time,
    identifier,
    one_of,
)
from forum.api.schemas.texts import MAX_REASON_LENGTH

MOST_MINUTES = 7 * 24 * 60
MAX_MESSAGE_LENGTH = 2000


class SanctionBody(Arguments):
    """What a member may not do from `starts_at`, or now, `until` a moment or for good."""

    kind = one_of(*SANCTIONS, required=True, metadata={"example": "mute"})
    scope = one_of(*SCOPES, default=WRITING)
    thread_id = identifier(metadata={"description": "With the scope `thread`, and only then."})
    minutes = JsonInteger(
        validate=validate.Range(min=1, max=MOST_MINUTES),
        metadata={"description": "Between two texts; with `slow`, and only then."},
    )
    reason = Line(
        max_length=MAX_REASON_LENGTH, required=True, metadata={"example": "Insults, again."}
    )
    rule = Line(max_length=200, metadata={"description": "The rule of the community in question."})
    message = Text(
        max_length=MAX_MESSAGE_LENGTH, metadata={"description": "To the member, in plain words."}
    )
    starts_at = GivenTime(example="2030-01-01T00:00:00Z")
    until = GivenTime(example="2030-01-08T00:00:00Z")


class LiftQuery(Arguments):
    reason = Line(max_length=MAX_REASON_LENGTH, **OPTIONAL)


class MySanctionSchema(ma.Schema):
    """A sanction as the one whom it concerns sees it."""

    id = fields.Integer(required=True)
    kind = one_of(*SANCTIONS, required=True)
    scope = one_of(*SCOPES, required=True)
    thread_id = fields.Integer(required=True, allow_none=True)
    also_in = fields.List(
        fields.Integer(),
        required=True,
        metadata={
            "description": "Threads that have something of that thread since a moderator has "
            "split or merged it."
        },
    )
    minutes = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True)
    rule = fields.String(required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)
    imposed_at = Time(required=True)
    starts_at = Time(required=True)
    until = Time(required=True, allow_none=True)
    seen_at = Time(required=True, allow_none=True)
    lifted_at = Time(required=True, allow_none=True)
    state = one_of(*STATES, required=True)


class SanctionSchema(MySanctionSchema):
    """A sanction as moderators see it."""

    by = fields.Nested(AuthorSchema, required=True)


class MySanctionListSchema(ma.Schema):
    items = fields.List(fields.Nested(MySanctionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class SanctionListSchema(ma.Schema):
    items = fields.List(fields.Nested(SanctionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
