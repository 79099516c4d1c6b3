"""Shapes of reports."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.fields import Arguments, PageSchema, Text, Time, one_of
from forum.moderation.queue.models import AGREED, DISMISSED
from forum.moderation.reports.models import REASONS

MAX_NOTE_LENGTH = 500


class ReportBody(Arguments):
    reason = one_of(*REASONS, required=True)
    note = Text(
        max_length=MAX_NOTE_LENGTH,
        allow_none=True,
        load_default=None,
        metadata={"example": "The same advertisement as yesterday."},
    )


class ReportSchema(ma.Schema):
    """A report as its reporter sees it."""

    id = fields.Integer(required=True)
    thread_id = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null where it is about a reply."}
    )
    reply_id = fields.Integer(required=True, allow_none=True)
    reason = one_of(*REASONS, required=True)
    note = fields.String(required=True, allow_none=True)
    created_at = Time(required=True)
    outcome = one_of(
        AGREED,
        DISMISSED,
        required=True,
        allow_none=True,
        metadata={"description": "What moderators made of it; null until they decide."},
    )


class ReportListSchema(ma.Schema):
    items = fields.List(fields.Nested(ReportSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
