"""Shapes of members as staff sees them."""

import marshmallow as ma
from marshmallow import fields

from forum.accounts.directory import STATES
from forum.accounts.models import ROLES
from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import (
    OPTIONAL,
    Arguments,
    Line,
    PageQuery,
    PageSchema,
    Time,
    one_of,
)


class MembersQuery(PageQuery):
    q = Line(
        max_length=80,
        **OPTIONAL,
        metadata={"description": "How the username or display name begins, as it looks."},
    )
    role = one_of(*ROLES, **OPTIONAL)
    state = one_of(*STATES, **OPTIONAL)


class RoleBody(Arguments):
    role = one_of(*ROLES, required=True)
    reason = Line(max_length=500)


class MemberSchema(AuthorSchema):
    """A member as staff sees them; `email` and `two_factor` are for admins."""

    state = one_of(*STATES, required=True)
    created_at = Time(required=True)
    email = fields.String(allow_none=True)
    two_factor = fields.Boolean()


class MemberListSchema(ma.Schema):
    items = fields.List(fields.Nested(MemberSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
