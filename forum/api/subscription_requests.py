"""Routes by which anybody asks for mail to an address, which has to confirm it.

Whatever is known of an address, and whether a mail is sent, the answer is the same.
"""

from typing import Any

from flask import Response

from forum.api.blueprint import Blueprint
from forum.api.schemas.notifications import AskedSchema, SubscriptionRequestBody
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.http import quota
from forum.core.http.json import json_response
from forum.notifications import commands, targets
from forum.notifications.targets import Target
from forum.posts.errors import PostNotFound
from forum.threads.errors import ThreadNotFound

blueprint = Blueprint(
    "subscription_requests", __name__, description="Mail to people without an account."
)


@blueprint.operation(
    "POST",
    "/paths/<path_name:path>/subscription/requests",
    limit="subscribe",
    body=SubscriptionRequestBody,
    status=202,
    answer=AskedSchema,
    errors=[NotFound],
)
def ask_for_mail_about_path(data: dict[str, Any], path: str) -> Response:
    """Ask for mail about replies on a path; a link in a first mail confirms it."""
    return _ask(targets.of_path(path), data)


@blueprint.operation(
    "POST",
    "/posts/<slug:slug>/subscription/requests",
    limit="subscribe",
    body=SubscriptionRequestBody,
    status=202,
    answer=AskedSchema,
    errors=[PostNotFound],
)
def ask_for_mail_about_post(data: dict[str, Any], slug: str) -> Response:
    """Ask for mail about a post; a link in a first mail confirms it."""
    return _ask(targets.of_post(db.session(), slug), data)


@blueprint.operation(
    "POST",
    "/threads/<id:thread_id>/subscription/requests",
    limit="subscribe",
    body=SubscriptionRequestBody,
    status=202,
    answer=AskedSchema,
    errors=[ThreadNotFound],
)
def ask_for_mail_about_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Ask for mail about a thread; a link in a first mail confirms it."""
    return _ask(targets.of_thread(db.session(), thread_id), data)


def _ask(target: Target, data: dict[str, Any]) -> Response:
    if quota.is_within("confirm", f"mail:{data['email'].lower()}"):
        commands.ask_for_mail(db.session(), target, data["email"], data["mail"])
    return json_response({"state": "asked"}, 202)
