"""Routes of threads."""

from typing import Any

from flask import Response, url_for

from forum.accounts.errors import Banned, GuestNameTaken, Sanctioned
from forum.accounts.grants import REPLIES_WRITE
from forum.api import guests as by_guests
from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import AUTHORS, MEMBERS, WRITERS, sender, viewer
from forum.api.schemas.texts import RemovalQuery
from forum.api.schemas.threads import (
    ChangeThreadBody,
    NewThreadBody,
    OpenedThreadSchema,
    ThreadListSchema,
    ThreadSchema,
    ThreadsQuery,
)
from forum.core.db import db
from forum.core.errors import Forbidden
from forum.core.http.conditional import require_match
from forum.core.http.json import json_response
from forum.core.http.page_cache import depends_on
from forum.guests import commands as guests
from forum.moderation import admission, held
from forum.moderation import commands as moderation
from forum.moderation.errors import TooSoon
from forum.moderation.rules.errors import TextRefused
from forum.posts import queries as posts
from forum.posts.errors import PostNotFound
from forum.posts.events import post_topic
from forum.threads import queries
from forum.threads.commands import NewThread
from forum.threads.errors import ThreadIsGone, ThreadNotFound
from forum.threads.events import thread_topic

blueprint = Blueprint("threads", __name__, description="Conversations below a post.")


@blueprint.operation(
    "GET",
    "/posts/<slug:slug>/threads",
    query=ThreadsQuery,
    answer=ThreadListSchema,
    errors=[PostNotFound],
)
def threads(arguments: dict[str, Any], slug: str) -> Response:
    """The conversations below a post; in `hot`, pinned ones come first."""
    post = posts.post_by_slug(db.session(), slug)
    depends_on(post_topic(post.id))
    page = queries.threads_of_post(
        db.session(), post.id, arguments["sort"], lists.position(arguments), arguments["limit"]
    )
    return lists.listed(page, arguments, lists.threads)


@blueprint.operation(
    "POST",
    "/posts/<slug:slug>/threads",
    who=WRITERS,
    scope=REPLIES_WRITE,
    body=NewThreadBody,
    status=201,
    answer=OpenedThreadSchema,
    errors=[PostNotFound, Sanctioned, GuestNameTaken, Banned, TextRefused, TooSoon],
    creates=True,
)
def open_thread(data: dict[str, Any], slug: str) -> Response:
    """Start a conversation; what has to wait is `held`."""
    opened, told = by_guests.written(
        "thread",
        data,
        lambda: admission.open_thread(db.session(), viewer(), slug, NewThread(**data), sender()),
        lambda by: guests.open_thread(db.session(), by, slug, NewThread(**data), sender()),
    )
    response = json_response(lists.threads([opened])[0] | told, 201)
    response.headers["Location"] = url_for("threads.thread", thread_id=opened.id)
    return response


@blueprint.operation("GET", "/threads/<id:thread_id>", answer=ThreadSchema, errors=[ThreadNotFound])
def thread(thread_id: int) -> Response:
    """A thread, or its tombstone while there are replies in it."""
    depends_on(thread_topic(thread_id))
    return json_response(lists.threads([queries.thread(db.session(), thread_id)])[0])


@blueprint.operation(
    "PATCH",
    "/threads/<id:thread_id>",
    who=AUTHORS,
    scope=REPLIES_WRITE,
    body=ChangeThreadBody,
    answer=ThreadSchema,
    errors=[ThreadNotFound, ThreadIsGone, Forbidden, Sanctioned, TextRefused],
)
def edit_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Change title or body; its author may, and so may moderators."""

    def once_locked() -> None:
        require_match(lists.threads([held.thread_or_own(db.session(), viewer(), thread_id)])[0])

    edited = admission.edit_thread(db.session(), viewer(), thread_id, data, once_locked, sender())
    return json_response(lists.threads([edited])[0])


@blueprint.operation(
    "DELETE",
    "/threads/<id:thread_id>",
    who=MEMBERS,
    scope=REPLIES_WRITE,
    query=RemovalQuery,
    status=204,
    errors=[ThreadNotFound, ThreadIsGone, Forbidden],
)
def delete_thread(arguments: dict[str, Any], thread_id: int) -> Response:
    """Take back one's own thread or, as a moderator, remove somebody else's."""
    moderation.take_thread_away(db.session(), viewer(), thread_id, arguments["reason"])
    return Response(status=204)
