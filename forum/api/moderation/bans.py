"""Routes of bans: by network address, which no moderator gets to see, and by domain of mail."""

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from forum.accounts import bans
from forum.accounts.bans import NewBan
from forum.accounts.errors import BanNotFound
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.bans import BanBody, BanListSchema, BanSchema
from forum.api.schemas.moderation.sanctions import LiftQuery
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.http import quota
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation import bans as moderation
from forum.moderation.errors import AddressForgotten, BanIsLifted
from forum.replies.errors import ReplyNotFound

blueprint = Blueprint("bans", __name__, description="Who opens no account and writes as no guest.")

_BY = ("address", "from_reply", "email_domain")


@blueprint.operation(
    "POST",
    "/moderation/bans",
    who=MODERATORS,
    body=BanBody,
    status=201,
    answer=BanSchema,
    errors=[ReplyNotFound, AddressForgotten],
    creates=True,
)
def impose_ban(data: dict[str, Any]) -> Response:
    """Let nobody from an address or with mail in a domain open accounts or write as a guest."""
    if sum(name in data for name in _BY) != 1:
        raise Invalid("One of address, from_reply and email_domain.", pointer="/address")
    ban = NewBan(data["reason"], _hashes(data), data.get("email_domain"), data.get("until"))
    ban_id = moderation.impose(db.session(), viewer(), ban)
    response = json_response(_shown(bans.ban(db.session(), ban_id)), 201)
    response.headers["Location"] = url_for("bans.ban", ban_id=ban_id)
    return response


@blueprint.operation(
    "GET", "/moderation/bans", who=MODERATORS, query=PageQuery, answer=BanListSchema
)
def all_bans(arguments: dict[str, Any]) -> Response:
    """All bans, those that hold and those that are over, newest first."""
    page = bans.bans(db.session(), lists.position(arguments), arguments["limit"])
    return lists.listed(page, arguments, lambda found: [_shown(row) for row in found])


@blueprint.operation(
    "GET",
    "/moderation/bans/<id:ban_id>",
    who=MODERATORS,
    answer=BanSchema,
    errors=[BanNotFound],
)
def ban(ban_id: int) -> Response:
    """One ban."""
    return json_response(_shown(bans.ban(db.session(), ban_id)))


@blueprint.operation(
    "DELETE",
    "/moderation/bans/<id:ban_id>",
    who=MODERATORS,
    query=LiftQuery,
    status=204,
    errors=[BanNotFound, BanIsLifted],
)
def lift_ban(arguments: dict[str, Any], ban_id: int) -> Response:
    """Keep nobody out by a ban any more; it stays on record."""
    moderation.lift(db.session(), viewer(), ban_id, arguments["reason"])
    return Response(status=204)


def _hashes(data: dict[str, Any]) -> Sequence[str]:
    if "address" in data:
        return [quota.hash_of(data["address"])]
    if "from_reply" in data:
        return moderation.addresses_of_author(db.session(), data["from_reply"])
    return []


def _shown(row: Record) -> dict[str, Any]:
    names = ("id", "addresses", "email_domain", "reason", "imposed_at", "lifted_at")
    shown = {name: getattr(row, name) for name in names}
    return {**shown, "until": row.ends_at, "by": representations.author(row)}
