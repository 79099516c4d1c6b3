"""Shapes of decisions and appeals."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.fields import Arguments, PageSchema, Text, Time, one_of
from forum.moderation.decisions import ACTIONS
from forum.moderation.models import MAX_APPEAL_LENGTH, OUTCOMES


class AppealBody(Arguments):
    text = Text(
        max_length=MAX_APPEAL_LENGTH,
        required=True,
        metadata={"example": "I quoted the article, I did not insult its author."},
    )


class SealedAppealBody(AppealBody):
    token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "From the link in the mail.", "example": "bm90IGEgdG9rZW4"},
    )


class DecidedActionSchema(ma.Schema):
    action = one_of(*ACTIONS, required=True)
    target = fields.String(required=True, metadata={"example": "reply:7"})


class AppealSchema(ma.Schema):
    """What the member says and, once there is an outcome, what a moderator answers."""

    text = fields.String(required=True)
    appealed_at = Time(required=True)
    outcome = one_of(*OUTCOMES, required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    answered_at = Time(required=True, allow_none=True)


class MyDecisionSchema(ma.Schema):
    """What a moderator did about one's texts and oneself at once."""

    id = fields.Integer(required=True)
    decided_at = Time(required=True)
    actions = fields.List(fields.Nested(DecidedActionSchema), required=True)
    reason = fields.String(required=True, allow_none=True)
    undone = fields.Boolean(required=True)
    appealable_until = Time(
        required=True,
        allow_none=True,
        metadata={"description": "Null where one cannot appeal, or not any more."},
    )
    appeal = fields.Nested(AppealSchema, required=True, allow_none=True)


class MyDecisionListSchema(ma.Schema):
    items = fields.List(fields.Nested(MyDecisionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class AppealedSchema(ma.Schema):
    state = fields.Constant("appealed", required=True)
