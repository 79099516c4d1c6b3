"""Routes of pre-moderation: whose texts wait for a moderator before anybody else reads them."""

from typing import Any

from flask import Response

from forum.api.blueprint import Blueprint
from forum.api.edge import ADMINS, MODERATORS, viewer
from forum.api.schemas.moderation.policies import PolicyBody, PolicySchema
from forum.core.db import db
from forum.core.http.json import json_response
from forum.moderation.premoderation import commands, queries
from forum.moderation.premoderation.models import Policy
from forum.moderation.premoderation.queries import PolicyInForce
from forum.posts.errors import PostNotFound

blueprint = Blueprint("policies", __name__, description="Whose texts wait for a moderator.")


@blueprint.operation("GET", "/moderation/policy", who=MODERATORS, answer=PolicySchema)
def policy() -> Response:
    """Whose texts wait, wherever a post says nothing else."""
    return json_response(_shown(queries.of_community(db.session())))


@blueprint.operation("PUT", "/moderation/policy", who=ADMINS, body=PolicyBody, answer=PolicySchema)
def set_policy(data: dict[str, Any]) -> Response:
    """Say whose texts wait, from the very next one on."""
    reason = data.pop("reason")
    commands.set_for_community(db.session(), viewer(), Policy(**data), reason)
    return json_response(_shown(queries.of_community(db.session())))


@blueprint.operation("DELETE", "/moderation/policy", who=ADMINS, answer=PolicySchema)
def reset_policy() -> Response:
    """Let the configuration decide again."""
    commands.reset_for_community(db.session(), viewer())
    return json_response(_shown(queries.of_community(db.session())))


@blueprint.operation(
    "GET",
    "/moderation/posts/<slug:slug>/policy",
    who=MODERATORS,
    answer=PolicySchema,
    errors=[PostNotFound],
)
def policy_of_post(slug: str) -> Response:
    """Whose texts wait below a post."""
    return json_response(_shown(queries.of_post(db.session(), slug)))


@blueprint.operation(
    "PUT",
    "/moderation/posts/<slug:slug>/policy",
    who=ADMINS,
    body=PolicyBody,
    answer=PolicySchema,
    errors=[PostNotFound],
)
def set_policy_of_post(data: dict[str, Any], slug: str) -> Response:
    """Say whose texts wait below a post, whatever holds elsewhere."""
    reason = data.pop("reason")
    commands.set_for_post(db.session(), viewer(), slug, Policy(**data), reason)
    return json_response(_shown(queries.of_post(db.session(), slug)))


@blueprint.operation(
    "DELETE",
    "/moderation/posts/<slug:slug>/policy",
    who=ADMINS,
    answer=PolicySchema,
    errors=[PostNotFound],
)
def reset_policy_of_post(slug: str) -> Response:
    """Let hold below a post what holds elsewhere."""
    commands.reset_for_post(db.session(), viewer(), slug)
    return json_response(_shown(queries.of_post(db.session(), slug)))


def _shown(found: PolicyInForce) -> dict[str, Any]:
    return {**vars(found.policy), "source": found.source}
