"""Routes of the audit log: what was done, whether the log is intact, and undoing."""

from collections.abc import Iterable
from typing import Any

from flask import Response, url_for

from forum.accounts.errors import MemberNotFound
from forum.accounts.queries import ERASED_NAME, ERASED_USERNAME
from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.log import (
    EntryListSchema,
    LogQuery,
    PublicEntryListSchema,
    UndoBody,
    UndoneSchema,
    VerifiedSchema,
    VerifyQuery,
)
from forum.core.audit import public_part
from forum.core.audit_verification import verify
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.http.page_cache import keep_nothing
from forum.core.pages import Record
from forum.moderation.errors import AlreadyUndone, GroupNotFound, NothingToUndo, Overtaken
from forum.moderation.log import queries, undoing
from forum.moderation.log.queries import Filter

VERIFIED_AT_ONCE = 20_000

blueprint = Blueprint("audit log", __name__, description="What moderators did, and undoing it.")


@blueprint.operation(
    "GET",
    "/moderation/log",
    who=MODERATORS,
    query=LogQuery,
    answer=EntryListSchema,
    errors=[MemberNotFound],
)
def audit_log(arguments: dict[str, Any]) -> Response:
    """What moderators, admins and the forum itself did, newest first."""
    names = ("actor", "member", "target", "action", "group")
    which = Filter(**{name: arguments[name] for name in names})
    position, limit = lists.position(arguments), arguments["limit"]
    page = queries.entries(db.session(), viewer(), which, position, limit)
    return lists.listed(page, arguments, _entries)


@blueprint.operation("GET", "/log", query=PageQuery, answer=PublicEntryListSchema)
def public_log(arguments: dict[str, Any]) -> Response:
    """The same for everybody, without reasons and names; what is left still verifies."""
    keep_nothing()
    page = queries.public_entries(db.session(), lists.position(arguments), arguments["limit"])
    return lists.listed(page, arguments, _public_entries)


@blueprint.operation(
    "GET", "/moderation/log/verify", who=MODERATORS, query=VerifyQuery, answer=VerifiedSchema
)
def verify_log(arguments: dict[str, Any]) -> Response:
    """Compute the hashes again, of 20,000 entries at most; ask for more until it is complete."""
    found = verify(db.session(), arguments["after"], VERIFIED_AT_ONCE)
    return json_response({**vars(found), "fault": vars(found.fault) if found.fault else None})


@blueprint.operation(
    "POST",
    "/moderation/log/<id:group_id>/undo",
    who=MODERATORS,
    body=UndoBody,
    status=201,
    answer=UndoneSchema,
    errors=[GroupNotFound, NothingToUndo, AlreadyUndone, Overtaken],
    creates=True,
)
def undo(data: dict[str, Any], group_id: int) -> Response:
    """Set everything back that a group has changed, or nothing of it."""
    group = undoing.undo(db.session(), viewer(), group_id, data.get("reason"))
    response = json_response({"group": group.id}, 201)
    response.headers["Location"] = url_for("audit log.audit_log", group=group.id)
    return response


def _entries(found: Iterable[Record]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "group": row.group_id,
            "at": row.at,
            "actor": _named(row, "actor") if row.actor_id else None,
            "action": row.action,
            "target": row.target,
            "member": _named(row, "concerned") if row.member_id else None,
            "public": row.public,
            "private": row.private,
            "hash": row.hash,
        }
        for row in found
    ]


def _named(row: Record, role: str) -> dict[str, Any]:
    return {
        "username": getattr(row, f"{role}_username") or ERASED_USERNAME,
        "display_name": getattr(row, f"{role}_display_name") or ERASED_NAME,
        "role": getattr(row, f"{role}_role"),
    }


def _public_entries(found: Iterable[Record]) -> list[dict[str, Any]]:
    return [
        {**public_part(row, row.position, row.previous_hash), "hash": row.hash} for row in found
    ]
