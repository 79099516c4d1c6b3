"""Routes of acting on many texts: found and frozen first, then acted on."""

from collections.abc import Iterable
from typing import Any

from flask import Response, url_for

from forum.accounts.errors import MemberNotFound
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.moderation.bulk import BulkSchema, ExecutedSchema, NewBulkBody
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation.bulk import commands, queries
from forum.moderation.bulk.commands import NewBulk
from forum.moderation.bulk.selection import Filter
from forum.moderation.errors import BulkNotFound
from forum.posts.errors import PostNotFound

blueprint = Blueprint("bulk", __name__, description="Acting on many texts.")


@blueprint.operation(
    "POST",
    "/moderation/bulk",
    who=MODERATORS,
    body=NewBulkBody,
    status=201,
    answer=BulkSchema,
    errors=[MemberNotFound, PostNotFound],
    creates=True,
)
def freeze(data: dict[str, Any]) -> Response:
    """Find texts, a thousand at most, and say what would become of each; nothing is done yet."""
    which = Filter(**data.pop("filter"))
    bulk_id = commands.freeze(db.session(), viewer(), NewBulk(**data, which=which))
    response = json_response(_shown(bulk_id), 201)
    response.headers["Location"] = url_for("bulk.bulk", bulk_id=bulk_id)
    return response


@blueprint.operation(
    "GET",
    "/moderation/bulk/<id:bulk_id>",
    who=MODERATORS,
    answer=BulkSchema,
    errors=[BulkNotFound],
)
def bulk(bulk_id: int) -> Response:
    """What was found, what was foreseen, and what came of it so far."""
    return json_response(_shown(bulk_id))


@blueprint.operation(
    "POST",
    "/moderation/bulk/<id:bulk_id>/execute",
    who=MODERATORS,
    answer=ExecutedSchema,
    errors=[BulkNotFound],
    creates=True,
)
def execute(bulk_id: int) -> Response:
    """Act on the next hundred texts, on each wholly or not at all; each can be undone."""
    done = set(commands.carry_out(db.session(), viewer(), bulk_id))
    items = _items(queries.items(db.session(), bulk_id, done))
    return json_response({"pending": queries.pending(db.session(), bulk_id), "items": items})


def _shown(bulk_id: int) -> dict[str, Any]:
    found = queries.bulk(db.session(), viewer(), bulk_id)
    items = _items(queries.items(db.session(), bulk_id))
    names = ("id", "action", "texts", "reason", "filter", "created_at")
    return {
        **{name: getattr(found, name) for name in names},
        "count": len(items),
        "pending": queries.pending(db.session(), bulk_id),
        "items": items,
    }


def _items(found: Iterable[Record]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.text_id,
            "foreseen": row.foreseen,
            "outcome": row.outcome,
            "group": row.group_id,
        }
        for row in found
    ]
