"""Shapes of the tokens for private feeds."""

import marshmallow as ma
from marshmallow import fields

from forum.accounts.models import PRIVATE_FEEDS, REPLIES_TO_ME
from forum.api.schemas.fields import Arguments, PageSchema, Time, one_of


class NewFeedTokenBody(Arguments):
    feed = one_of(*PRIVATE_FEEDS, load_default=REPLIES_TO_ME)


class FeedTokenSchema(ma.Schema):
    """A token, without what is secret of it."""

    id = fields.Integer(required=True)
    feed = one_of(*PRIVATE_FEEDS, required=True)
    created_at = Time(required=True)


class IssuedFeedTokenSchema(FeedTokenSchema):
    """A token when it is told."""

    token = fields.String(required=True)
    url = fields.String(
        required=True,
        metadata={"description": "The feed as Atom, for readers that only take an address."},
    )


class FeedTokenListSchema(ma.Schema):
    items = fields.List(fields.Nested(FeedTokenSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
