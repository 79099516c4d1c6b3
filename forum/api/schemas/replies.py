"""Shapes of replies and their paths."""

import marshmallow as ma
from marshmallow import fields

from forum import examples
from forum.api.schemas.fields import (
    OPTIONAL,
    Arguments,
    Body,
    Line,
    PageQuery,
    PageSchema,
    Time,
    ballot_value,
    identifier,
    one_of,
    path_name,
    whole,
)
from forum.api.schemas.guests import ByGuestBody, GuestTokenSchema
from forum.api.schemas.texts import MAX_REASON_LENGTH, TextSchema
from forum.replies.models import TECHNICAL


class NewReplyBody(ByGuestBody):
    body = Body(required=True, metadata={"example": "I went back, and I would again."})
    parent_id = identifier(allow_none=True, load_default=None, metadata={"example": examples.ID})
    path = path_name(allow_none=True, load_default=None)


class ChangeReplyBody(Arguments):
    body = Body(required=True, metadata={"example": "I went back, and I am glad of it."})


class TreeQuery(PageQuery):
    sort = one_of("best", "new", "old", "top", "controversial", "balanced", default="best")
    limit = whole(1, 50, default=20)
    children = whole(0, 20, default=5)
    depth = whole(0, 10, default=4)


class ThreadTreeQuery(TreeQuery):
    path = path_name(**OPTIONAL)


class DeclarationBody(Arguments):
    path = path_name(required=True, allow_none=True)


class BallotBody(Arguments):
    path = ballot_value(required=True, metadata={"example": TECHNICAL})


class PinBody(Arguments):
    path = path_name(required=True, allow_none=True)
    reason = Line(
        max_length=MAX_REASON_LENGTH,
        required=True,
        metadata={"example": "It is about leading people."},
    )


class BallotCountsSchema(ma.Schema):
    technical_path = fields.Integer(data_key="technical-path", required=True)
    management_path = fields.Integer(data_key="management-path", required=True)
    neither = fields.Integer(required=True)


class PinSchema(ma.Schema):
    path = path_name(required=True, allow_none=True)
    reason = fields.String(required=True)
    at = Time(required=True)


class PathSchema(ma.Schema):
    """The effective path of a reply and what it follows from."""

    path = path_name(required=True, allow_none=True)
    source = one_of("moderator", "community", "author", "none", required=True)
    ballots = fields.Nested(BallotCountsSchema, required=True)
    declared = path_name(required=True, allow_none=True)
    contested = fields.Boolean(required=True)
    bridge = fields.Boolean(required=True)
    pin = fields.Nested(PinSchema, required=True, allow_none=True)


class ThresholdsSchema(ma.Schema):
    quorum = fields.Integer(required=True)
    community = fields.Integer(required=True)
    author = fields.Integer(required=True)
    bridge = fields.Integer(required=True)
    bridge_neither = fields.Integer(required=True)


class ExplainedPathSchema(PathSchema):
    """A path with every number that decided it; shares are percents of `n`."""

    voters = fields.Integer(required=True, metadata={"description": "Real ballots."})
    n = fields.Integer(required=True, metadata={"description": "Ballots and declaration."})
    shares = fields.Dict(keys=fields.String(), values=fields.Float(allow_none=True), required=True)
    thresholds = fields.Nested(ThresholdsSchema, required=True)
    my_ballot = ballot_value(allow_none=True)


class ReplySchema(TextSchema):
    thread_id = fields.Integer(required=True)
    parent_id = fields.Integer(required=True, allow_none=True)
    reply_to_id = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The reply that it answers."}
    )
    depth = fields.Integer(required=True)
    locked = fields.Boolean(
        required=True, metadata={"description": "Neither it nor what is below it can be answered."}
    )
    path = fields.Nested(PathSchema, required=True)
    my_ballot = ballot_value(
        allow_none=True, metadata={"description": "Only for a signed-in reader."}
    )


class WrittenReplySchema(ReplySchema, GuestTokenSchema):
    """A reply as its author is told of it when it is written."""


class MoreSchema(ma.Schema):
    count = fields.Integer(required=True)
    next = fields.String(required=True)


class NodeSchema(ReplySchema):
    more = fields.Nested(
        MoreSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Direct replies that this answer leaves out, and where they are."},
    )


class NodeListSchema(ma.Schema):
    items = fields.List(fields.Nested(NodeSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class ReplyListSchema(ma.Schema):
    items = fields.List(fields.Nested(ReplySchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class ContextSchema(ma.Schema):
    items = fields.List(fields.Nested(ReplySchema), required=True)


class RevisionSchema(ma.Schema):
    body = fields.String(required=True)
    body_html = fields.String(required=True)
    written_at = Time(required=True)
    replaced_at = Time(required=True)


class RevisionListSchema(ma.Schema):
    items = fields.List(fields.Nested(RevisionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
