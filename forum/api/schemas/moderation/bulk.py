"""Shapes of acting on many texts."""

import marshmallow as ma
from marshmallow import fields

from forum import examples
from forum.api.schemas.fields import Arguments, GivenTime, Line, Time, identifier, one_of
from forum.api.schemas.texts import MAX_REASON_LENGTH
from forum.moderation.bulk.models import ACTIONS, TEXTS
from forum.moderation.queue.models import KINDS


class BulkFilter(Arguments):
    """Which texts; all that is given must hold."""

    author = Line(max_length=32, metadata={"example": examples.USERNAME})
    post = Line(max_length=100, metadata={"example": examples.SLUG})
    thread_id = identifier(metadata={"example": examples.ID})
    link_domain = Line(
        max_length=253,
        metadata={
            "example": "spam.example",
            "description": "Links there, or into a part of it. Needs something else beside it.",
        },
    )
    since = GivenTime(example="2026-11-01T00:00:00Z")
    until = GivenTime(example="2026-12-01T00:00:00Z")
    state = one_of(
        "visible",
        "held",
        "removed",
        metadata={"description": "What the action is for, unless it is given."},
    )
    open_item = one_of(*KINDS, metadata={"description": "What waits in the queue about it."})


class NewBulkBody(Arguments):
    action = one_of(*ACTIONS, required=True)
    texts = one_of(*TEXTS, default="replies", metadata={"description": "Only threads are locked."})
    reason = Line(max_length=MAX_REASON_LENGTH, required=True, metadata={"example": "Spam."})
    filter = fields.Nested(
        BulkFilter, required=True, metadata={"example": {"author": examples.USERNAME}}
    )


class BulkItemSchema(ma.Schema):
    """A text: what was foreseen, what came of it (null: nothing yet), and the audit group."""

    id = fields.Integer(required=True)
    foreseen = fields.String(
        required=True, metadata={"description": "`changed`, `unchanged`, or why it is refused."}
    )
    outcome = fields.String(required=True, allow_none=True)
    group = fields.Integer(required=True, allow_none=True)


class BulkSchema(ma.Schema):
    """What is to be done to texts that were found and frozen."""

    id = fields.Integer(required=True)
    action = one_of(*ACTIONS, required=True)
    texts = one_of(*TEXTS, required=True)
    reason = fields.String(required=True)
    filter = fields.Dict(required=True)
    created_at = Time(required=True)
    count = fields.Integer(required=True)
    pending = fields.Integer(
        required=True, metadata={"description": "Texts that nothing was done to yet."}
    )
    items = fields.List(fields.Nested(BulkItemSchema), required=True)


class ExecutedSchema(ma.Schema):
    """What was done now; as long as something is pending, ask again."""

    pending = fields.Integer(required=True)
    items = fields.List(fields.Nested(BulkItemSchema), required=True)
