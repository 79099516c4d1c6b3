"""What members read of their own texts that wait."""

from typing import Any

from flask import Response

from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import AUTHORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.held import HeldTextListSchema
from forum.core.db import db
from forum.moderation import held

blueprint = Blueprint("held", __name__, description="One's own texts that wait for a moderator.")


@blueprint.operation("GET", "/me/held", who=AUTHORS, query=PageQuery, answer=HeldTextListSchema)
def my_held_texts(arguments: dict[str, Any]) -> Response:
    """One's own threads and replies that nobody else can read yet, those held last first."""
    after = lists.position(arguments)
    page = held.of_author(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lists.held_texts)
