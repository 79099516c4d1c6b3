"""Routes of watch rules."""

from typing import Any

from flask import Response, url_for

from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.rules import (
    RuleBody,
    RuleListSchema,
    RuleSchema,
    TrialBody,
    TrialSchema,
)
from forum.core.db import db
from forum.core.http.json import json_response
from forum.moderation.rules import commands, queries, trials
from forum.moderation.rules.commands import NewRule
from forum.moderation.rules.errors import RuleNotFound, UnusableRule
from forum.posts.errors import PostNotFound

blueprint = Blueprint("rules", __name__, description="What moderators watch for in texts.")


@blueprint.operation(
    "GET", "/moderation/rules", who=MODERATORS, query=PageQuery, answer=RuleListSchema
)
def rules(arguments: dict[str, Any]) -> Response:
    """All watch rules, newest first."""
    page = queries.rules(db.session(), lists.position(arguments), arguments["limit"])
    return lists.listed(page, arguments, lists.rules)


@blueprint.operation(
    "POST",
    "/moderation/rules",
    who=MODERATORS,
    body=RuleBody,
    status=201,
    answer=RuleSchema,
    errors=[UnusableRule, PostNotFound],
    creates=True,
)
def add_rule(data: dict[str, Any]) -> Response:
    """Watch for something more, from the very next text on.

    Words and phrases are found whatever their case, accents and look-alikes; a word stands by
    itself, a phrase anywhere.
    """
    added = commands.add_rule(db.session(), viewer(), NewRule(**data))
    response = json_response(_shown(added.id), 201)
    response.headers["Location"] = url_for("rules.rule", rule_id=added.id)
    return response


@blueprint.operation(
    "GET",
    "/moderation/rules/<id:rule_id>",
    who=MODERATORS,
    answer=RuleSchema,
    errors=[RuleNotFound],
)
def rule(rule_id: int) -> Response:
    """A watch rule."""
    return json_response(_shown(rule_id))


@blueprint.operation(
    "PUT",
    "/moderation/rules/<id:rule_id>",
    who=MODERATORS,
    body=RuleBody,
    answer=RuleSchema,
    errors=[RuleNotFound, UnusableRule, PostNotFound],
)
def change_rule(data: dict[str, Any], rule_id: int) -> Response:
    """Let a rule watch for something else."""
    commands.change_rule(db.session(), viewer(), rule_id, NewRule(**data))
    return json_response(_shown(rule_id))


@blueprint.operation(
    "DELETE",
    "/moderation/rules/<id:rule_id>",
    who=MODERATORS,
    status=204,
    errors=[RuleNotFound],
)
def remove_rule(rule_id: int) -> Response:
    """Watch for it no more."""
    commands.remove_rule(db.session(), viewer(), rule_id)
    return Response(status=204)


@blueprint.operation(
    "POST",
    "/moderation/rules/<id:rule_id>/trial",
    who=MODERATORS,
    body=TrialBody,
    answer=TrialSchema,
    errors=[RuleNotFound],
)
def try_rule(data: dict[str, Any], rule_id: int) -> Response:
    """Tell what a rule would have caught of the latest replies, and what people removed of it.

    Nothing is changed.
    """
    return json_response(vars(trials.of_rule(db.session(), rule_id, data["replies"])))


def _shown(rule_id: int) -> dict[str, Any]:
    return representations.rule(queries.rule(db.session(), rule_id))
