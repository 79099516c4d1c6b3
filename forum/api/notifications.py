"""Routes of what members are told."""

from typing import Any

from flask import Response

from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.notifications import (
    NotificationListSchema,
    NotificationsQuery,
    ReadBody,
    UnreadSchema,
)
from forum.core.db import db
from forum.core.http.json import json_response
from forum.notifications import commands, queries

blueprint = Blueprint("notifications", __name__, description="What people are told.")


@blueprint.operation(
    "GET",
    "/me/notifications",
    who=MEMBERS,
    query=NotificationsQuery,
    answer=NotificationListSchema,
)
def notifications(arguments: dict[str, Any]) -> Response:
    """What happened that concerns one, newest first; several replies in a thread are one item."""
    page = queries.notifications(
        db.session(),
        viewer(),
        arguments["unread"] == "true",
        lists.position(arguments),
        arguments["limit"],
    )
    return lists.listed(page, arguments, lists.notifications)


@blueprint.operation("GET", "/me/notifications/count", who=MEMBERS, answer=UnreadSchema)
def unread_notifications() -> Response:
    """How much one has not read; of more than a hundred, only that there are more."""
    return _unread()


@blueprint.operation(
    "POST", "/me/notifications/read", who=MEMBERS, body=ReadBody, answer=UnreadSchema
)
def read_notifications(data: dict[str, Any]) -> Response:
    """Have read everything up to the notification with an id."""
    commands.mark_read(db.session(), viewer(), data["up_to"])
    return _unread()


def _unread() -> Response:
    number = queries.count_unread(db.session(), viewer())
    most = queries.MOST_COUNTED
    return json_response({"unread": min(number, most), "more": number > most})
