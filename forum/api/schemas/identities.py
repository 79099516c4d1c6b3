"""Shapes of identities: users of other sites who sign in."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.accounts import VouchingBody
from forum.api.schemas.fields import PageSchema, Time
from forum.api.schemas.oidc import HandedBody
from forum.api.schemas.two_factor import password_if_any


class JoinHandedBody(HandedBody):
    password = password_if_any()


class JoinSsoBody(VouchingBody):
    password = password_if_any()


class IdentitySchema(ma.Schema):
    """A user of another site, as that site names them."""

    id = fields.Integer(required=True)
    issuer = fields.String(required=True)
    subject = fields.String(required=True)
    created_at = Time(required=True)


class IdentityListSchema(ma.Schema):
    items = fields.List(fields.Nested(IdentitySchema), required=True)
    page = fields.Nested(PageSchema, required=True)
