"""Shapes of threads."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.fields import Arguments, Body, Line, PageQuery, PageSchema, Time, one_of
from forum.api.schemas.guests import ByGuestBody, GuestTokenSchema
from forum.api.schemas.posts import BalanceSchema
from forum.api.schemas.texts import MAX_TITLE_LENGTH, TextSchema


class ThreadsQuery(PageQuery):
    sort = one_of("hot", "best", "new", "old", "top", "active", default="hot")


class NewThreadBody(ByGuestBody):
    title = Line(
        max_length=MAX_TITLE_LENGTH,
        allow_none=True,
        load_default=None,
        metadata={"example": "Looking back"},
    )
    body = Body(required=True, metadata={"example": "What made you choose?"})


class ChangeThreadBody(Arguments):
    title = Line(max_length=MAX_TITLE_LENGTH, allow_none=True, metadata={"example": "Looking back"})
    body = Body(metadata={"example": "What made you choose, and would you again?"})


class ThreadSchema(TextSchema):
    post_id = fields.Integer(required=True)
    title = fields.String(required=True, allow_none=True)
    pinned = fields.Boolean(required=True)
    locked = fields.Boolean(required=True)
    slow_mode = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Seconds between two replies of a member, or null."},
    )
    last_reply_at = Time(required=True, allow_none=True)
    balance = fields.Nested(BalanceSchema, required=True)


class OpenedThreadSchema(ThreadSchema, GuestTokenSchema):
    """A thread as its author is told of it when it is opened."""


class ThreadListSchema(ma.Schema):
    items = fields.List(fields.Nested(ThreadSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
