"""Shapes of posts."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from forum import examples
from forum.api.schemas.fields import (
    OPTIONAL,
    Arguments,
    GivenTime,
    HttpUrl,
    Line,
    PageAddress,
    PageQuery,
    PageSchema,
    Text,
    Time,
    one_of,
    path_name,
)
from forum.posts.commands import MAX_SLUG_LENGTH

SLUG_PATTERN = "^[a-z0-9]+(?:-[a-z0-9]+)*$"


def post_slug(example: str, **kwargs: Any) -> fields.String:
    """The slug of a post."""
    return fields.String(
        validate=[
            validate.Length(min=1, max=MAX_SLUG_LENGTH),
            validate.Regexp(SLUG_PATTERN.replace("$", r"\Z")),
        ],
        metadata={"pattern": SLUG_PATTERN, "example": example},
        **kwargs,
    )


class ChangePostBody(Arguments):
    url = HttpUrl(metadata={"example": examples.URL})
    title = Line(max_length=300, metadata={"example": "Staff or manager, once more"})
    slug = post_slug(examples.SLUG)
    author_name = Line(max_length=120, allow_none=True, metadata={"example": "Robin Winter"})
    summary = Text(max_length=2000, allow_none=True, metadata={"example": "Two ladders, one wall."})
    published_at = GivenTime(allow_none=True, example="2026-03-01T09:00:00Z")


class NewPostBody(ChangePostBody):
    url = HttpUrl(required=True, metadata={"example": "https://blog.example.com/ladders"})
    title = Line(max_length=300, required=True, metadata={"example": "Choosing a ladder"})
    slug = post_slug("choosing-a-ladder")


class PostsQuery(PageQuery):
    sort = one_of("new", "active", default="new")
    path = path_name(**OPTIONAL)


class LookupQuery(Arguments):
    url = PageAddress(required=True, metadata={"example": examples.URL})


class CountsQuery(Arguments):
    url = fields.List(
        PageAddress(),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "Repeat for every page.", "example": [examples.URL]},
    )


class BalanceSchema(ma.Schema):
    """Distinct authors on each path (a bridge counts one half on each), and how even they are."""

    technical = fields.Float(required=True)
    management = fields.Float(required=True)
    bridge = fields.Integer(required=True)
    balance = fields.Float(required=True, allow_none=True)
    lean = fields.Float(required=True, allow_none=True)
    gap = path_name(required=True, allow_none=True)


class PostSchema(ma.Schema):
    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    author_name = fields.String(required=True, allow_none=True)
    summary = fields.String(required=True, allow_none=True)
    published_at = Time(required=True, allow_none=True)
    state = fields.Constant("visible", required=True)
    thread_count = fields.Integer(required=True)
    reply_count = fields.Integer(required=True)
    balance = fields.Nested(BalanceSchema, required=True)
    created_at = Time(required=True)


class PostListSchema(ma.Schema):
    items = fields.List(fields.Nested(PostSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class PageCountsSchema(ma.Schema):
    url = fields.String(required=True)
    post_id = fields.Integer(required=True, allow_none=True)
    thread_count = fields.Integer(required=True)
    reply_count = fields.Integer(required=True)


class CountsSchema(ma.Schema):
    items = fields.List(fields.Nested(PageCountsSchema), required=True)
