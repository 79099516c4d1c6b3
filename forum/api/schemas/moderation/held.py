"""Shapes of texts that wait."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.fields import PageSchema, Time, one_of


class HeldTextSchema(ma.Schema):
    """A thread or reply that waits for a moderator, or for the check of spam."""

    kind = one_of("thread", "reply", required=True)
    id = fields.Integer(required=True)
    thread_id = fields.Integer(required=True)
    parent_id = fields.Integer(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    body_html = fields.String(required=True)
    created_at = Time(required=True)
    held_at = Time(required=True)


class HeldTextListSchema(ma.Schema):
    items = fields.List(fields.Nested(HeldTextSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
