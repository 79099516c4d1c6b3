"""Shapes of figures about moderation."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.fields import Arguments, Time, one_of, whole
from forum.moderation.queue.models import KINDS


class StatsQuery(Arguments):
    days = whole(1, 365, default=30)


class QueueAgeSchema(ma.Schema):
    """What is open of a kind, and for how long the oldest has been."""

    kind = one_of(*KINDS, required=True)
    open = fields.Integer(required=True)
    oldest_at = Time(required=True)
    oldest_seconds = fields.Float(required=True)


class WaitingSchema(ma.Schema):
    """How long items waited until the first decision about them."""

    items = fields.Integer(required=True)
    median_seconds = fields.Float(required=True, allow_none=True)
    p90_seconds = fields.Float(required=True, allow_none=True)


class ModeratorFiguresSchema(ma.Schema):
    """Decisions of a moderator, None for the owner's command line, and those undone since."""

    moderator = fields.String(required=True, allow_none=True)
    decisions = fields.Integer(required=True)
    reversed = fields.Integer(required=True)
    reversal_rate = fields.Float(required=True)


class RuleFiguresSchema(ma.Schema):
    """What a watch rule caught: moderators acted on it, or saw nothing wrong."""

    rule_id = fields.Integer(required=True)
    agreed = fields.Integer(required=True)
    dismissed = fields.Integer(required=True)
    reversal_rate = fields.Float(required=True)


class StatsSchema(ma.Schema):
    days = fields.Integer(required=True)
    queue = fields.List(fields.Nested(QueueAgeSchema), required=True)
    first_action = fields.Nested(WaitingSchema, required=True)
    moderators = fields.List(fields.Nested(ModeratorFiguresSchema), required=True)
    rules = fields.List(fields.Nested(RuleFiguresSchema), required=True)
