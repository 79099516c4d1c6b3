"""Routes of what members choose to be told of, and whom they do not want to hear."""

from typing import Any

from flask import Response

from forum.accounts.errors import MemberNotFound
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.notifications import (
    MuteListSchema,
    SubscriptionBody,
    SubscriptionListSchema,
    SubscriptionSchema,
)
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.http.json import json_response
from forum.notifications import chosen, commands, targets
from forum.notifications.errors import SelfMute
from forum.notifications.targets import COMMUNITY, Target
from forum.posts.errors import PostNotFound
from forum.threads.errors import ThreadNotFound

blueprint = Blueprint("subscriptions", __name__, description="What people choose to be told of.")

OF_COMMUNITY = "/community/subscription"
OF_PATH = "/paths/<path_name:path>/subscription"
OF_POST = "/posts/<slug:slug>/subscription"
OF_THREAD = "/threads/<id:thread_id>/subscription"


@blueprint.operation("GET", OF_COMMUNITY, who=MEMBERS, answer=SubscriptionSchema)
def subscription_to_community() -> Response:
    """What one is told of the whole community, where nothing narrower is chosen."""
    return _choice(COMMUNITY)


@blueprint.operation(
    "PUT", OF_COMMUNITY, who=MEMBERS, body=SubscriptionBody, answer=SubscriptionSchema
)
def subscribe_to_community(data: dict[str, Any]) -> Response:
    """Choose what to be told of the whole community."""
    return _choose(COMMUNITY, data)


@blueprint.operation("DELETE", OF_COMMUNITY, who=MEMBERS, status=204)
def unsubscribe_from_community() -> Response:
    """Be told of what is below one's own words, by mail at once, as who has chosen nothing."""
    return _leave(COMMUNITY)


@blueprint.operation("GET", OF_PATH, who=MEMBERS, answer=SubscriptionSchema, errors=[NotFound])
def subscription_to_path(path: str) -> Response:
    """What one is told of replies on a path."""
    return _choice(targets.of_path(path))


@blueprint.operation(
    "PUT", OF_PATH, who=MEMBERS, body=SubscriptionBody, answer=SubscriptionSchema, errors=[NotFound]
)
def subscribe_to_path(data: dict[str, Any], path: str) -> Response:
    """Choose what to be told of replies on a path."""
    return _choose(targets.of_path(path), data)


@blueprint.operation("DELETE", OF_PATH, who=MEMBERS, status=204, errors=[NotFound])
def unsubscribe_from_path(path: str) -> Response:
    """Be told of replies on a path as of all others."""
    return _leave(targets.of_path(path))


@blueprint.operation("GET", OF_POST, who=MEMBERS, answer=SubscriptionSchema, errors=[PostNotFound])
def subscription_to_post(slug: str) -> Response:
    """What one is told of a post: new threads below it, and replies in them."""
    return _choice(targets.of_post(db.session(), slug))


@blueprint.operation(
    "PUT",
    OF_POST,
    who=MEMBERS,
    body=SubscriptionBody,
    answer=SubscriptionSchema,
    errors=[PostNotFound],
)
def subscribe_to_post(data: dict[str, Any], slug: str) -> Response:
    """Choose what to be told of a post."""
    return _choose(targets.of_post(db.session(), slug), data)


@blueprint.operation("DELETE", OF_POST, who=MEMBERS, status=204, errors=[PostNotFound])
def unsubscribe_from_post(slug: str) -> Response:
    """Be told of a post as of the whole community."""
    return _leave(targets.of_post(db.session(), slug))


@blueprint.operation(
    "GET", OF_THREAD, who=MEMBERS, answer=SubscriptionSchema, errors=[ThreadNotFound]
)
def subscription_to_thread(thread_id: int) -> Response:
    """What one is told of a thread; whoever writes in one participates."""
    return _choice(targets.of_thread(db.session(), thread_id))


@blueprint.operation(
    "PUT",
    OF_THREAD,
    who=MEMBERS,
    body=SubscriptionBody,
    answer=SubscriptionSchema,
    errors=[ThreadNotFound],
)
def subscribe_to_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Choose what to be told of a thread."""
    return _choose(targets.of_thread(db.session(), thread_id), data)


@blueprint.operation("DELETE", OF_THREAD, who=MEMBERS, status=204, errors=[ThreadNotFound])
def unsubscribe_from_thread(thread_id: int) -> Response:
    """Be told of a thread as of its post."""
    return _leave(targets.of_thread(db.session(), thread_id))


@blueprint.operation(
    "GET", "/me/subscriptions", who=MEMBERS, query=PageQuery, answer=SubscriptionListSchema
)
def my_subscriptions(arguments: dict[str, Any]) -> Response:
    """What one has chosen; what does not exist any more is left out."""
    after = lists.position(arguments)
    page = chosen.subscriptions(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, _subscriptions)


@blueprint.operation("GET", "/me/mutes", who=MEMBERS, query=PageQuery, answer=MuteListSchema)
def my_mutes(arguments: dict[str, Any]) -> Response:
    """Whom one does not hear, newest members first."""
    after = lists.position(arguments)
    page = chosen.mutes(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lambda found: [representations.mute(r) for r in found])


@blueprint.operation(
    "PUT",
    "/me/mutes/<username:username>",
    who=MEMBERS,
    status=204,
    errors=[MemberNotFound, SelfMute],
)
def mute(username: str) -> Response:
    """Be told of nothing that a member does."""
    commands.mute(db.session(), viewer(), username)
    return Response(status=204)


@blueprint.operation(
    "DELETE", "/me/mutes/<username:username>", who=MEMBERS, status=204, errors=[MemberNotFound]
)
def unmute(username: str) -> Response:
    """Hear a member again."""
    commands.unmute(db.session(), viewer(), username)
    return Response(status=204)


def _choice(target: Target) -> Response:
    return json_response(vars(chosen.choice(db.session(), viewer().id, target)))


def _choose(target: Target, data: dict[str, Any]) -> Response:
    commands.subscribe(db.session(), viewer(), target, data["level"], data["mail"])
    return _choice(target)


def _leave(target: Target) -> Response:
    commands.unsubscribe(db.session(), viewer(), target)
    return Response(status=204)


def _subscriptions(found: list[Any]) -> list[dict[str, Any]]:
    names = [row.target for row in found]
    titled = chosen.posts(db.session(), names) | chosen.threads(db.session(), names)
    shown = (representations.subscription(row, titled.get(row.target)) for row in found)
    return [item for item in shown if item is not None]
