"""Shapes of subscriptions, mutes and notifications."""

import marshmallow as ma
from marshmallow import fields

from forum import examples
from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import (
    Arguments,
    EmailAddress,
    PageQuery,
    PageSchema,
    Time,
    identifier,
    one_of,
    path_name,
)
from forum.notifications.models import CADENCES, DAILY, KINDS, LEVELS, NOW, WEEKLY


class SubscriptionBody(Arguments):
    level = one_of(
        *LEVELS,
        required=True,
        metadata={"description": "Everything new; what is new below one's own words; nothing."},
    )
    mail = one_of(*CADENCES, default=DAILY)


class SubscriptionRequestBody(Arguments):
    email = EmailAddress(required=True, metadata={"example": "robin@example.org"})
    mail = one_of(NOW, DAILY, WEEKLY, default=DAILY)


class AskedSchema(ma.Schema):
    state = fields.Constant("asked", required=True)


class SubscriptionSchema(ma.Schema):
    """What holds for a target."""

    level = one_of(*LEVELS, required=True)
    mail = one_of(*CADENCES, required=True)
    chosen_at = Time(
        required=True,
        allow_none=True,
        metadata={"description": "Null where it follows from something broader."},
    )


class TargetSchema(ma.Schema):
    """What is followed: a post by its slug, a thread by its id, a path by its word."""

    kind = one_of("community", "path", "post", "thread", required=True)
    slug = fields.String()
    thread_id = fields.Integer()
    path = path_name()
    title = fields.String(allow_none=True, metadata={"description": "Of the post or thread."})


class ListedSubscriptionSchema(SubscriptionSchema):
    target = fields.Nested(TargetSchema, required=True)


class SubscriptionListSchema(ma.Schema):
    items = fields.List(fields.Nested(ListedSubscriptionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class MuteSchema(ma.Schema):
    member = fields.Nested(AuthorSchema, required=True)
    muted_at = Time(required=True)


class MuteListSchema(ma.Schema):
    items = fields.List(fields.Nested(MuteSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class NotificationsQuery(PageQuery):
    unread = one_of("true", "false", default="false")


class ReadBody(Arguments):
    up_to = identifier(required=True, metadata={"example": examples.ID})


class NotifiedPostSchema(ma.Schema):
    slug = fields.String(required=True)
    title = fields.String(required=True)


class NotificationSchema(ma.Schema):
    """Something that happened or, in one thread, several things of one kind."""

    id = fields.Integer(required=True, metadata={"description": "Of the latest."})
    kind = one_of(*KINDS, required=True)
    count = fields.Integer(
        required=True, metadata={"description": "How many there are of the kind in the thread."}
    )
    actor = fields.Nested(
        AuthorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Who did the latest; null for the community and moderators."},
    )
    post = fields.Nested(NotifiedPostSchema, required=True, allow_none=True)
    thread_id = fields.Integer(required=True, allow_none=True)
    thread_title = fields.String(required=True, allow_none=True)
    reply_id = fields.Integer(required=True, allow_none=True)
    detail = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The new path, or the reason of what ended."},
    )
    url = fields.String(required=True, allow_none=True)
    created_at = Time(required=True)
    read = fields.Boolean(required=True)


class NotificationListSchema(ma.Schema):
    items = fields.List(fields.Nested(NotificationSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class UnreadSchema(ma.Schema):
    unread = fields.Integer(required=True)
    more = fields.Boolean(
        required=True, metadata={"description": "There are more, which nobody counts."}
    )
