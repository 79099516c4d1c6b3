"""Shapes of sessions and personal access tokens."""

import marshmallow as ma
from marshmallow import fields, validate

from forum.accounts.grants import READ, SCOPES
from forum.api.schemas.fields import Arguments, GivenTime, Line, PageSchema, Time


class SessionSchema(ma.Schema):
    id = fields.Integer(required=True)
    created_at = Time(required=True)
    last_used_at = Time(
        required=True, metadata={"description": "When its tokens were last renewed."}
    )
    user_agent = fields.String(required=True, metadata={"description": "Its beginning."})
    current = fields.Boolean(
        required=True, metadata={"description": "Whether it is the one that asks."}
    )


class SessionListSchema(ma.Schema):
    items = fields.List(fields.Nested(SessionSchema), required=True)
    page = fields.Nested(PageSchema, required=True)


class NewAccessTokenBody(Arguments):
    name = Line(max_length=80, required=True, metadata={"example": "Backup of my replies"})
    scopes = fields.List(
        fields.String(validate=validate.OneOf(SCOPES)),
        required=True,
        validate=validate.Length(min=1, max=len(SCOPES)),
        metadata={"example": [READ]},
    )
    expires_at = GivenTime(allow_none=True, load_default=None, example="2099-12-31T00:00:00Z")


class AccessTokenSchema(ma.Schema):
    """A personal access token, without what is secret of it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(validate=validate.OneOf(SCOPES)), required=True)
    created_at = Time(required=True)
    expires_at = Time(required=True, allow_none=True)
    last_used_at = Time(required=True, allow_none=True, metadata={"description": "To the hour."})


class IssuedAccessTokenSchema(AccessTokenSchema):
    """A personal access token when it is told."""

    token = fields.String(required=True, metadata={"pattern": "^cr_[0-9A-Za-z]{38}$"})


class AccessTokenListSchema(ma.Schema):
    items = fields.List(fields.Nested(AccessTokenSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
