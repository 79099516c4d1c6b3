"""Shapes of the audit log."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import (
    MAX_NUMBER,
    OPTIONAL,
    Arguments,
    Line,
    PageQuery,
    PageSchema,
    Time,
    WholeNumber,
    one_of,
)
from forum.api.schemas.texts import MAX_REASON_LENGTH

HASH_PATTERN = "^[0-9a-f]{64}$"


def _hash(description: str) -> fields.String:
    metadata = {"pattern": HASH_PATTERN, "description": description}
    return fields.String(required=True, metadata=metadata)


def _named(description: str) -> Line:
    return Line(max_length=64, **OPTIONAL, metadata={"description": description})


class LogQuery(PageQuery):
    actor = _named("The username of who acted.")
    member = _named("The username of whom it concerns.")
    target = _named("A kind and an id, such as `reply:7`.")
    action = _named("What was done, such as `reply.remove`.")
    group = WholeNumber(validate=validate.Range(min=1, max=MAX_NUMBER), **OPTIONAL)


class EntrySchema(ma.Schema):
    """One thing that was done; entries of a group were done at once, and are undone at once."""

    id = fields.Integer(required=True)
    group = fields.Integer(required=True)
    at = Time(required=True)
    actor = fields.Nested(
        AuthorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null: the forum itself."},
    )
    action = fields.String(required=True)
    target = fields.String(required=True)
    member = fields.Nested(
        AuthorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Whom it concerns: whose text it is, who is sanctioned."},
    )
    public = fields.Dict(
        required=True, metadata={"description": "What everybody may read of it, besides."}
    )
    private = fields.Dict(
        required=True,
        metadata={
            "description": "What moderators read of it: the reason and, of what can be undone, the "
            "facet with its state before and after."
        },
    )
    hash = _hash("Its place in the chain.")


class EntryListSchema(ma.Schema):
    items = fields.List(fields.Nested(EntrySchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class PublicEntrySchema(ma.Schema):
    """What everybody may read of an entry.

    `hash` is the SHA-256 of the item without `hash`, as JSON with sorted members and no spaces.
    """

    position = fields.Integer(required=True)
    id = fields.Integer(required=True)
    group = fields.Integer(required=True)
    at = Time(required=True)
    action = fields.String(required=True)
    target = fields.String(required=True)
    public = fields.Dict(required=True)
    private_digest = _hash("Of what only moderators read, with a salt.")
    previous_hash = _hash("The hash of the entry at the position before; zeros at the first.")
    hash = _hash("Of all that stands here but itself.")


class PublicEntryListSchema(ma.Schema):
    items = fields.List(fields.Nested(PublicEntrySchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class VerifyQuery(Arguments):
    after = WholeNumber(
        validate=validate.Range(min=0, max=MAX_NUMBER),
        load_default=0,
        metadata={"description": "Where to go on: the `position` of the answer before."},
    )


class FaultSchema(ma.Schema):
    """What is wrong, where it is noticed first."""

    kind = one_of("changed", "missing", "misplaced", "inserted", required=True)
    position = fields.Integer(required=True, allow_none=True)
    entry_id = fields.Integer(required=True, allow_none=True)


class VerifiedSchema(ma.Schema):
    """How far the chain was followed; `complete` if to its end without a fault."""

    position = fields.Integer(required=True)
    hash = _hash("Of the entry there.")
    complete = fields.Boolean(required=True)
    fault = fields.Nested(FaultSchema, required=True, allow_none=True)


class UndoBody(Arguments):
    reason = Line(max_length=MAX_REASON_LENGTH, metadata={"example": "It was about another reply."})


class UndoneSchema(ma.Schema):
    """The group that undid another one, and can be undone in turn."""

    group = fields.Integer(required=True)
