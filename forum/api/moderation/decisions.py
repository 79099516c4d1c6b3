"""Routes of decisions about oneself and one's texts, and of appeals against them."""

from typing import Any

from flask import Response, current_app, url_for

from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.decisions import (
    AppealBody,
    AppealedSchema,
    MyDecisionListSchema,
    MyDecisionSchema,
    SealedAppealBody,
)
from forum.config import settings_in
from forum.core import clock
from forum.core.db import db
from forum.core.http.json import json_response
from forum.moderation import appeals, decisions, links
from forum.moderation.decisions import Decision
from forum.moderation.errors import (
    AlreadyAppealed,
    AlreadyReversed,
    DecisionNotFound,
    TooLateToAppeal,
)

blueprint = Blueprint("decisions", __name__, description="What moderators decided, and appeals.")

_REFUSALS = (DecisionNotFound, AlreadyAppealed, AlreadyReversed, TooLateToAppeal)


@blueprint.operation(
    "GET", "/me/decisions", who=MEMBERS, query=PageQuery, answer=MyDecisionListSchema
)
def my_decisions(arguments: dict[str, Any]) -> Response:
    """What moderators decided about one's texts and oneself, newest first."""
    after = lists.position(arguments)
    page = decisions.of_member(db.session(), viewer().id, after, arguments["limit"])
    return lists.listed(page, arguments, lambda found: [_shown(each) for each in found])


@blueprint.operation(
    "GET",
    "/me/decisions/<id:decision_id>",
    who=MEMBERS,
    answer=MyDecisionSchema,
    errors=[DecisionNotFound],
)
def my_decision(decision_id: int) -> Response:
    """One decision, and what became of an appeal against it."""
    return json_response(_shown(decisions.decision(db.session(), viewer().id, decision_id)))


@blueprint.operation(
    "POST",
    "/me/decisions/<id:decision_id>/appeal",
    who=MEMBERS,
    body=AppealBody,
    status=201,
    answer=MyDecisionSchema,
    errors=_REFUSALS,
    creates=True,
)
def appeal(data: dict[str, Any], decision_id: int) -> Response:
    """Ask, once, that a decision be reversed; another moderator answers where there is one."""
    decided = appeals.appeal(db.session(), viewer().id, decision_id, data["text"])
    response = json_response(_shown(decided), 201)
    response.headers["Location"] = url_for("decisions.my_decision", decision_id=decision_id)
    return response


@blueprint.operation(
    "POST",
    "/appeals",
    body=SealedAppealBody,
    status=202,
    answer=AppealedSchema,
    errors=_REFUSALS,
)
def appeal_by_link(data: dict[str, Any]) -> Response:
    """The same for who cannot sign in, by the token of the link in the mail that told them."""
    decided = links.decided_in(settings_in(current_app), data["token"])
    appeals.appeal(db.session(), decided.member_id, decided.group_id, data["text"])
    return json_response({"state": "appealed"}, 202)


def _shown(decided: Decision) -> dict[str, Any]:
    return {
        "id": decided.id,
        "decided_at": decided.first.at,
        "actions": [{"action": e.action, "target": e.target} for e in decided.entries],
        "reason": decided.reason,
        "undone": decided.is_undone,
        "appealable_until": decided.appealable_until if _is_appealable(decided) else None,
        "appeal": _appeal(decided.appeal) if decided.appeal else None,
    }


def _is_appealable(decided: Decision) -> bool:
    is_settled = decided.is_undone or decided.appeal is not None
    return not is_settled and decided.appealable_until > clock.now()


def _appeal(row: Any) -> dict[str, Any]:
    names = ("text", "appealed_at", "outcome", "answer", "answered_at")
    return {name: getattr(row, name) for name in names}
