"""Shapes of the queue: items, claims and decisions."""

from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import (
    OPTIONAL,
    Arguments,
    JsonInteger,
    Line,
    PageQuery,
    PageSchema,
    Text,
    Time,
    one_of,
    path_name,
)
from forum.api.schemas.moderation.notes import NoteSchema
from forum.api.schemas.moderation.sanctions import SanctionBody, SanctionSchema
from forum.api.schemas.replies import PathSchema
from forum.api.schemas.texts import MAX_REASON_LENGTH
from forum.moderation.queue.models import AGREED, DISMISSED, KINDS, OPEN, STATES
from forum.moderation.queue.policy import ACTIONS, APPROVE
from forum.moderation.queue.queries import ORDERS
from forum.moderation.reports.models import REASONS

MOST_BESIDES = 10
MAX_MESSAGE_LENGTH = 500
TEXT_STATES = ("visible", "held", "removed", "deleted")


def _count(**kwargs: Any) -> fields.Integer:
    return JsonInteger(validate=validate.Range(min=0, max=2**31 - 1), **kwargs)


class QueueQuery(PageQuery):
    state = one_of(*STATES, default=OPEN)
    kind = one_of(*KINDS, **OPTIONAL)
    post = fields.String(
        **OPTIONAL, validate=validate.Length(min=1, max=100), metadata={"description": "Its slug."}
    )
    mine = fields.Boolean(
        load_default=False, metadata={"description": "Only what one has claimed."}
    )
    sort = one_of(*ORDERS, default="priority")


class ClaimBody(Arguments):
    """May be left out; with it, nothing happens to a later claim of one's own."""

    is_optional = True

    claim_seq = _count(metadata={"description": "Of the claim that is meant."})


class BesidesBody(Arguments):
    """Something to do besides, in the same transaction; each with the member that it needs."""

    NEEDS: ClassVar[dict[str, str]] = {
        "sanction": "sanction",
        "note": "text",
        "lock": "reason",
        "message": "text",
    }

    do = one_of(*NEEDS, required=True)
    sanction = fields.Nested(SanctionBody)
    reason = Line(max_length=MAX_REASON_LENGTH, metadata={"description": "Of a lock."})
    text = Text(
        max_length=MAX_MESSAGE_LENGTH,
        metadata={"description": "A note is read by moderators alone, a message by the author."},
    )

    @ma.validates_schema
    def _has_what_it_needs(self, data: dict[str, Any], **_: Any) -> None:
        needed = self.NEEDS[data["do"]]
        for name in set(data) - {"do", needed}:
            raise ma.ValidationError("Not with this.", name)
        if needed not in data:
            raise ma.ValidationError("Missing data for required field.", needed)


class DecisionBody(Arguments):
    action = one_of(*ACTIONS, required=True, metadata={"example": APPROVE})
    claim_seq = _count(required=True, metadata={"example": 1})
    revision = fields.String(
        required=True,
        allow_none=True,
        validate=validate.Length(max=16),
        metadata={"description": "Of the text that one has read; null where there is none."},
    )
    evidence_seq = _count(required=True, metadata={"example": 1})
    reason = Line(
        max_length=MAX_REASON_LENGTH,
        allow_none=True,
        load_default=None,
        metadata={"example": "It advertises a course."},
    )
    path = path_name(
        allow_none=True,
        load_default=None,
        metadata={"description": "Where `pin` puts a reply; null on none."},
    )
    also = fields.List(
        fields.Nested(BesidesBody),
        load_default=list,
        validate=validate.Length(max=MOST_BESIDES),
        metadata={"example": []},
    )


class ReviewPostSchema(ma.Schema):
    slug = fields.String(required=True)
    title = fields.String(required=True)


class ReviewTargetSchema(ma.Schema):
    """What an item is about; of a member only the author is known."""

    kind = one_of("reply", "thread", "member", required=True)
    id = fields.Integer(required=True)
    thread_id = fields.Integer(required=True, allow_none=True)
    reply_id = fields.Integer(required=True, allow_none=True)
    post = fields.Nested(ReviewPostSchema, required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    author = fields.Nested(AuthorSchema, required=True, allow_none=True)
    author_removals = fields.Integer(
        required=True, metadata={"description": "Texts of the author that were removed."}
    )
    excerpt = fields.String(required=True, allow_none=True)
    answers = fields.String(
        required=True, allow_none=True, metadata={"description": "How what it answers begins."}
    )
    state = one_of(*TEXT_STATES, required=True, allow_none=True)
    created_at = Time(required=True, allow_none=True)
    edited_at = Time(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)


class ReviewClaimSchema(ma.Schema):
    holder = fields.String(required=True, allow_none=True)
    expires_at = Time(required=True)
    claim_seq = fields.Integer(required=True)
    mine = fields.Boolean(required=True)


class WhySchema(ma.Schema):
    """A piece of evidence; the weights of all of them add up to the item's."""

    seq = fields.Integer(required=True)
    weight = fields.Integer(required=True)
    why = fields.Dict(keys=fields.String(), required=True)
    by = fields.String(required=True, allow_none=True)
    revision = fields.String(required=True, allow_none=True)
    at = Time(required=True)
    outcome = one_of(AGREED, DISMISSED, required=True, allow_none=True)


class DecisionSchema(ma.Schema):
    """What was decided; `group` finds it in the log, where it can be undone."""

    id = fields.Integer(required=True)
    item_id = fields.Integer(required=True)
    group = fields.Integer(required=True)
    action = one_of(*ACTIONS, required=True)
    reason = fields.String(required=True, allow_none=True)
    moderator = fields.String(required=True, allow_none=True)
    decided_at = Time(required=True)
    undone_at = Time(
        required=True,
        allow_none=True,
        metadata={"description": "When it was undone, or reversed on appeal."},
    )


class StayingSchema(ma.Schema):
    """A piece of state that moderators have changed again since the decision."""

    target = fields.String(required=True, metadata={"example": "reply:7"})
    facet = fields.String(required=True, metadata={"example": "reply.removed"})


class DecidedSchema(DecisionSchema):
    """A decision; where it grants an appeal, `stays` is what it has not set back."""

    stays = fields.List(fields.Nested(StayingSchema))


class ReviewItemSchema(ma.Schema):
    id = fields.Integer(required=True)
    kind = one_of(*KINDS, required=True)
    state = one_of(*STATES, required=True)
    opened_at = Time(required=True)
    decided_at = Time(required=True, allow_none=True)
    weight = fields.Integer(required=True)
    claim_seq = fields.Integer(required=True)
    claim = fields.Nested(ReviewClaimSchema, required=True, allow_none=True)
    evidence_seq = fields.Integer(required=True)
    evidence_count = fields.Integer(required=True)
    why = fields.List(
        fields.Nested(WhySchema), required=True, metadata={"description": "The weightiest first."}
    )
    target = fields.Nested(ReviewTargetSchema, required=True)


class QueueCountsSchema(ma.Schema):
    """How many open items there are, counted now."""

    kind = one_of(*KINDS, required=True)
    open = fields.Integer(required=True)
    claimed = fields.Integer(required=True)
    mine = fields.Integer(required=True)


class ReviewItemListSchema(ma.Schema):
    items = fields.List(fields.Nested(ReviewItemSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
    counts = fields.List(fields.Nested(QueueCountsSchema), required=True)


class WordsSchema(ma.Schema):
    """What a text said in one of its revisions."""

    revision = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    body_html = fields.String(required=True)


class SeenWordsSchema(WordsSchema):
    taken_at = Time(required=True)


class AncestorSchema(ma.Schema):
    id = fields.Integer(required=True)
    parent_id = fields.Integer(required=True, allow_none=True)
    depth = fields.Integer(required=True)
    author = fields.Nested(AuthorSchema, required=True, allow_none=True)
    body = fields.String(required=True)
    body_html = fields.String(required=True)
    state = one_of(*TEXT_STATES, required=True)
    created_at = Time(required=True)


class LatestTextSchema(ma.Schema):
    kind = one_of("reply", "thread", required=True)
    id = fields.Integer(required=True)
    thread_id = fields.Integer(required=True)
    created_at = Time(required=True)
    state = one_of(*TEXT_STATES, required=True)
    excerpt = fields.String(required=True)


class ReporterRecordSchema(ma.Schema):
    """What moderators have made of somebody's reports, and what the next one would weigh."""

    agreed = fields.Integer(required=True)
    dismissed = fields.Integer(required=True)
    weight = fields.Integer(required=True)


class ReviewedReportSchema(ma.Schema):
    seq = fields.Integer(required=True)
    reporter = fields.String(required=True, allow_none=True)
    reporter_record = fields.Nested(ReporterRecordSchema, required=True)
    reason = one_of(*REASONS, required=True)
    note = fields.String(required=True, allow_none=True)
    weight = fields.Integer(required=True)
    weight_to_hide = fields.Integer(
        required=True,
        metadata={
            "description": "Of it towards hiding the text: the weight, or 0 for what `why` tells."
        },
    )
    revision = fields.String(required=True, allow_none=True)
    created_at = Time(required=True)


class WholeReviewItemSchema(ReviewItemSchema):
    """An item with all that a moderator needs to decide about it."""

    text = fields.Nested(WordsSchema, required=True, allow_none=True)
    path = fields.Nested(
        PathSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Of a reply, as all see it: what a dispute is about."},
    )
    seen = fields.List(
        fields.Nested(SeenWordsSchema),
        required=True,
        metadata={"description": "Other revisions that were complained of or decided about."},
    )
    ancestors = fields.List(fields.Nested(AncestorSchema), required=True)
    reports = fields.List(fields.Nested(ReviewedReportSchema), required=True)
    latest_texts = fields.List(
        fields.Nested(LatestTextSchema), required=True, metadata={"description": "Of the author."}
    )
    decisions = fields.List(
        fields.Nested(DecisionSchema),
        required=True,
        metadata={"description": "The latest about the author."},
    )
    sanctions = fields.List(
        fields.Nested(SanctionSchema),
        required=True,
        metadata={"description": "The latest on the author, those that are over included."},
    )
    notes = fields.List(
        fields.Nested(NoteSchema),
        required=True,
        metadata={"description": "The latest on the item, and then on the author."},
    )
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True)


class ClaimedReviewItemSchema(WholeReviewItemSchema):
    claim = fields.Nested(ReviewClaimSchema, required=True)
