"""The route of figures about moderation."""

from dataclasses import asdict
from typing import Any

from flask import Response

from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS
from forum.api.schemas.moderation.stats import StatsQuery, StatsSchema
from forum.core import clock
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation.queue import figures

blueprint = Blueprint("stats", __name__, description="How moderation is doing.")


@blueprint.operation(
    "GET", "/moderation/stats", who=MODERATORS, query=StatsQuery, answer=StatsSchema
)
def stats(arguments: dict[str, Any]) -> Response:
    """How old the queue is, how soon it is decided, and how much of that is reversed later.

    All is counted from rows when it is asked; `days` is how far back.
    """
    session, days = db.session(), arguments["days"]
    told = {
        "days": days,
        "queue": [*map(_age, figures.queue_age(session))],
        "first_action": asdict(figures.first_action(session, days)),
        "moderators": [*map(_of_moderator, figures.by_moderator(session, days))],
        "rules": [*map(_of_rule, figures.by_rule(session, days))],
    }
    return json_response(told)


def _age(row: Record) -> dict[str, Any]:
    names = ("kind", "open", "oldest_at")
    seconds = (clock.now() - row.oldest_at).total_seconds()
    return {**{name: getattr(row, name) for name in names}, "oldest_seconds": seconds}


def _of_moderator(row: Record) -> dict[str, Any]:
    names = ("moderator", "decisions", "reversed")
    told = {name: getattr(row, name) for name in names}
    return {**told, "reversal_rate": row.reversed / row.decisions}


def _of_rule(row: Record) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("rule_id", "agreed", "dismissed")}
    return {**told, "reversal_rate": row.dismissed / (row.agreed + row.dismissed)}
