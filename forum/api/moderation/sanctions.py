"""Routes of sanctions: moderators impose and lift them, and members see what holds for them."""

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from forum.accounts import queries as accounts
from forum.accounts import sanctioned_threads, sanctions
from forum.accounts.errors import MemberNotFound, SanctionNotFound
from forum.accounts.models import THREAD, Sanction
from forum.accounts.sanctions import NewSanction
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, MODERATORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.sanctions import (
    LiftQuery,
    MySanctionListSchema,
    MySanctionSchema,
    SanctionBody,
    SanctionListSchema,
    SanctionSchema,
)
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation import sanctions as moderation
from forum.moderation.errors import RankTooHigh, SanctionIsLifted
from forum.threads.errors import ThreadNotFound

blueprint = Blueprint("sanctions", __name__, description="What members may not do, and why.")


@blueprint.operation(
    "POST",
    "/moderation/users/<username:username>/sanctions",
    who=MODERATORS,
    body=SanctionBody,
    status=201,
    answer=SanctionSchema,
    errors=[MemberNotFound, ThreadNotFound, RankTooHigh],
    creates=True,
)
def impose_sanction(data: dict[str, Any], username: str) -> Response:
    """Keep a member from something, from a moment on and until another; they are told."""
    data["ends_at"] = data.pop("until", None)
    imposed = moderation.impose_on(db.session(), viewer(), username, NewSanction(**data))
    response = json_response(_told(imposed.id), 201)
    response.headers["Location"] = url_for("sanctions.sanction", sanction_id=imposed.id)
    return response


@blueprint.operation(
    "GET",
    "/moderation/users/<username:username>/sanctions",
    who=MODERATORS,
    query=PageQuery,
    answer=SanctionListSchema,
    errors=[MemberNotFound],
)
def sanctions_of_user(arguments: dict[str, Any], username: str) -> Response:
    """All that was ever imposed on a member, newest first."""
    member = accounts.member_by_username(db.session(), username)
    after = lists.position(arguments)
    page = sanctions.of_member(db.session(), member.id, after, arguments["limit"])
    return lists.listed(page, arguments, shown_to_moderators)


@blueprint.operation(
    "GET",
    "/moderation/sanctions/<id:sanction_id>",
    who=MODERATORS,
    answer=SanctionSchema,
    errors=[SanctionNotFound],
)
def sanction(sanction_id: int) -> Response:
    """One sanction, and who imposed it."""
    return json_response(_told(sanction_id))


@blueprint.operation(
    "DELETE",
    "/moderation/sanctions/<id:sanction_id>",
    who=MODERATORS,
    query=LiftQuery,
    status=204,
    errors=[SanctionNotFound, SanctionIsLifted, RankTooHigh],
)
def lift_sanction(arguments: dict[str, Any], sanction_id: int) -> Response:
    """Let a sanction hold no more; its member is told."""
    moderation.lift(db.session(), viewer(), sanction_id, arguments["reason"])
    return Response(status=204)


@blueprint.operation(
    "GET", "/me/sanctions", who=MEMBERS, query=PageQuery, answer=MySanctionListSchema
)
def my_sanctions(arguments: dict[str, Any]) -> Response:
    """All that was ever imposed on one, newest first: what holds, held, or is to hold."""
    after = lists.position(arguments)
    page = sanctions.of_member(db.session(), viewer().id, after, arguments["limit"])
    return lists.listed(page, arguments, _shown)


@blueprint.operation(
    "PUT",
    "/me/sanctions/<id:sanction_id>/seen",
    who=MEMBERS,
    answer=MySanctionSchema,
    errors=[SanctionNotFound],
)
def see_sanction(sanction_id: int) -> Response:
    """Have seen what a moderator says; a warning is over by that."""
    seen = sanctions.see(db.session(), viewer(), sanction_id)
    return json_response(_shown([seen])[0])


def _shown(found: Sequence[Record | Sanction]) -> list[dict[str, Any]]:
    of_threads = [row.id for row in found if row.scope == THREAD]
    also_in = sanctioned_threads.also_in(db.session(), of_threads) if of_threads else {}
    return [{**_told_of(row), "also_in": also_in.get(row.id, [])} for row in found]


def _told_of(row: Record | Sanction) -> dict[str, Any]:
    names = ("id", "kind", "scope", "thread_id", "minutes", "reason", "rule", "message")
    times = ("imposed_at", "starts_at", "seen_at", "lifted_at")
    shown = {name: getattr(row, name) for name in (*names, *times)}
    return {**shown, "until": row.ends_at, "state": sanctions.state_of(row)}


def _told(sanction_id: int) -> dict[str, Any]:
    return shown_to_moderators([sanctions.sanction(db.session(), sanction_id)])[0]


def shown_to_moderators(found: list[Record]) -> list[dict[str, Any]]:
    """Sanctions with who imposed them."""
    authors = map(representations.author, found)
    return [{**shown, "by": by} for shown, by in zip(_shown(found), authors, strict=True)]
