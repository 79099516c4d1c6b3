"""The shape of what members take along."""

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.fields import Time
from forum.portability.sections import SECTIONS


class AccountDataSchema(ma.Schema):
    """An account as it is kept."""

    id = fields.Integer(required=True)
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    email_confirmed_at = Time(required=True, allow_none=True)
    new_email = fields.String(required=True, allow_none=True)
    role = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    created_at = Time(required=True)
    two_factor_at = Time(required=True, allow_none=True)
    technical_standing = fields.Integer(required=True)
    management_standing = fields.Integer(required=True)


ExportSchema = ma.Schema.from_dict(
    {
        "exported_at": Time(required=True),
        "account": fields.Nested(AccountDataSchema, required=True),
        **{section.name: fields.List(fields.Dict(), required=True) for section in SECTIONS},
    },
    name="ExportSchema",
)
