"""Shapes of bans."""

from ipaddress import ip_address

import marshmallow as ma
from marshmallow import fields

from forum.api.schemas.accounts import AuthorSchema
from forum.api.schemas.fields import Arguments, GivenTime, Line, PageSchema, Time, identifier
from forum.api.schemas.texts import MAX_REASON_LENGTH
from forum.core import text


class NetworkAddress(Line):
    """An IPv4 or IPv6 address."""

    def _clean(self, value: str) -> str:
        return str(ip_address(super()._clean(value)))


class MailDomain(Line):
    """What stands after the @ of an e-mail address."""

    def _clean(self, value: str) -> str:
        return text.clean_email(f"someone@{super()._clean(value)}").rpartition("@")[2]


class BanBody(Arguments):
    """Who is kept out: by one of the first three."""

    address = NetworkAddress(
        max_length=45, metadata={"description": "Of IPv6, its /64 network. Kept as a keyed hash."}
    )
    from_reply = identifier(
        metadata={"description": "By where the reply's author came from in the last 90 days."}
    )
    email_domain = MailDomain(
        max_length=200,
        metadata={"description": "With its sub-domains.", "example": "throwaway.example"},
    )
    reason = Line(
        max_length=MAX_REASON_LENGTH, required=True, metadata={"example": "Opens accounts to spam."}
    )
    until = GivenTime(example="2030-01-08T00:00:00Z")


class BanSchema(ma.Schema):
    """A ban; of network addresses it tells only how many there are."""

    id = fields.Integer(required=True)
    addresses = fields.Integer(required=True)
    email_domain = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    by = fields.Nested(AuthorSchema, required=True)
    imposed_at = Time(required=True)
    until = Time(required=True, allow_none=True)
    lifted_at = Time(required=True, allow_none=True)


class BanListSchema(ma.Schema):
    items = fields.List(fields.Nested(BanSchema), required=True)
    page = fields.Nested(PageSchema, required=True)
