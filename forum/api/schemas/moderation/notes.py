"""Shapes of notes."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import Arguments, PageSchema, Text, Time

MAX_NOTE_LENGTH = 5000


class NoteBody(Arguments):
    body = Text(
        max_length=MAX_NOTE_LENGTH, required=True, metadata={"example": "Was warned by mail."}
    )


class NoteVersionSchema(ma.Schema):
    body = fields.String(required=True)
    written_at = Time(required=True)


class NoteSchema(NoteVersionSchema):
    """A note of a moderator: what it says, and in `versions` all that it ever said."""

    id = fields.Integer(required=True)
    author = fields.Nested(AuthorSchema, required=True)
    versions = fields.List(fields.Nested(NoteVersionSchema), required=True)


class NoteListSchema(ma.Schema):
    items = fields.List(fields.Nested(NoteSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
