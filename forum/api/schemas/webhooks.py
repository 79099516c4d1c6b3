"""Shapes of webhooks, of what was sent to them, and of the messages themselves."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.fields import (
    Arguments,
    Flag,
    HttpUrl,
    PageSchema,
    Time,
    identifier,
    one_of,
    path_name,
)
from forum.webhooks.messages import KINDS, VERSION
from forum.webhooks.models import STATES

HOOK_URL = "https://bot.example.com/hooks/crossroads"
MOST_POSTS = 100


def _each(item: fields.Field[Any], most: int, least: int = 0, **kwargs: Any) -> fields.List[Any]:
    return fields.List(item, validate=validate.Length(min=least, max=most), **kwargs)


class ChangeWebhookBody(Arguments):
    url = HttpUrl(metadata={"example": HOOK_URL})
    events = _each(one_of(*KINDS), len(KINDS), least=1)
    paths = _each(path_name(), 2)
    posts = _each(identifier(), MOST_POSTS, metadata={"example": []})
    enabled = Flag()


class NewWebhookBody(Arguments):
    url = HttpUrl(required=True, metadata={"example": HOOK_URL})
    events = _each(
        one_of(*KINDS), len(KINDS), 1, required=True, metadata={"example": ["reply.written"]}
    )
    paths = _each(path_name(), 2, load_default=list)
    posts = _each(identifier(), MOST_POSTS, load_default=list, metadata={"example": []})


class WebhookSchema(ma.Schema):
    """A webhook; no paths or posts let all pass."""

    id = fields.Integer(required=True)
    url = fields.String(required=True)
    events = fields.List(one_of(*KINDS), required=True)
    paths = fields.List(path_name(), required=True)
    posts = fields.List(fields.Integer(), required=True)
    enabled = fields.Boolean(required=True)
    disabled_reason = one_of("gone", "failing", "by-hand", required=True, allow_none=True)
    failing_since = Time(required=True, allow_none=True)
    created_at = Time(required=True)


class WebhookWithSecretSchema(WebhookSchema):
    """A webhook with its key, which is told this once."""

    secret = fields.String(required=True, metadata={"pattern": "^whsec_[A-Za-z0-9+/]+=*$"})


class WebhookListSchema(ma.Schema):
    items = fields.List(fields.Nested(WebhookSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class DeliverySchema(ma.Schema):
    """A message to a webhook: what came of the last attempt, and when there will be another."""

    id = fields.Integer(required=True)
    webhook_id = fields.Integer(required=True)
    message_id = fields.String(required=True)
    type = fields.String(required=True)
    state = one_of(*STATES, required=True)
    attempts = fields.Integer(required=True)
    status = fields.Integer(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    happened_at = Time(required=True)
    attempted_at = Time(required=True, allow_none=True)
    next_at = Time(required=True, allow_none=True)


class DeliveryListSchema(ma.Schema):
    items = fields.List(fields.Nested(DeliverySchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class ToldSchema(ma.Schema):
    """What it is about: ids, and the address where it can be read by whoever may."""

    url = fields.URL(required=True)
    post_id = fields.Integer()
    thread_id = fields.Integer()
    reply_id = fields.Integer()
    left_thread_id = fields.Integer(metadata={"description": "Where it was before."})
    left_post_id = fields.Integer(metadata={"description": "Where it was before."})
    before = path_name(allow_none=True)
    after = path_name(allow_none=True)
    source = one_of("author", "community", "moderator", "none")


class MessageSchema(ma.Schema):
    """A message to a webhook, signed after Standard Webhooks 1.0."""

    type = fields.String(required=True)
    timestamp = Time(required=True)
    version = fields.Constant(VERSION, required=True)
    data = fields.Nested(ToldSchema, required=True)
