"""Routes of thread surgery. Each change is one group of the audit log, and can be undone there."""

from typing import Any

from flask import Response, url_for

from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.moderation.surgery import MergeBody, MoveBody, SlowModeBody, SplitBody
from forum.api.schemas.replies import ReplySchema
from forum.api.schemas.texts import ReasonBody
from forum.api.schemas.threads import ThreadSchema
from forum.core.db import db
from forum.core.http.json import json_response
from forum.moderation import commands, surgery
from forum.moderation.errors import PostIsGone, SameThread
from forum.posts.errors import PostNotFound
from forum.replies import queries as replies
from forum.replies.errors import ReplyIsGone, ReplyNotFound
from forum.threads import queries as threads
from forum.threads.errors import ThreadIsGone, ThreadNotFound

blueprint = Blueprint(
    "surgery", __name__, description="Locking, slowing, moving, splitting and merging threads."
)

THREAD = "/moderation/threads/<id:thread_id>"
FORMER_THREAD = "/threads/<id:thread_id>"
REPLY = "/moderation/replies/<id:reply_id>"


@blueprint.operation(
    "PUT",
    f"{THREAD}/lock",
    formerly=f"{FORMER_THREAD}/lock",
    who=MODERATORS,
    body=ReasonBody,
    answer=ThreadSchema,
    errors=[ThreadNotFound],
)
def lock_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Let a thread be read, but not answered."""
    commands.lock_thread(db.session(), viewer(), thread_id, data["reason"])
    return _thread(thread_id)


@blueprint.operation(
    "DELETE",
    f"{THREAD}/lock",
    formerly=f"{FORMER_THREAD}/lock",
    who=MODERATORS,
    answer=ThreadSchema,
    errors=[ThreadNotFound],
)
def unlock_thread(thread_id: int) -> Response:
    """Let a thread be answered again."""
    commands.unlock_thread(db.session(), viewer(), thread_id)
    return _thread(thread_id)


@blueprint.operation(
    "PUT",
    f"{THREAD}/pin",
    formerly=f"{FORMER_THREAD}/pin",
    who=MODERATORS,
    answer=ThreadSchema,
    errors=[ThreadNotFound],
)
def pin_thread(thread_id: int) -> Response:
    """Show a thread before the others of its post."""
    commands.pin_thread(db.session(), viewer(), thread_id)
    return _thread(thread_id)


@blueprint.operation(
    "DELETE",
    f"{THREAD}/pin",
    formerly=f"{FORMER_THREAD}/pin",
    who=MODERATORS,
    answer=ThreadSchema,
    errors=[ThreadNotFound],
)
def unpin_thread(thread_id: int) -> Response:
    """Show a thread where its rank puts it."""
    commands.unpin_thread(db.session(), viewer(), thread_id)
    return _thread(thread_id)


@blueprint.operation(
    "PUT",
    f"{THREAD}/slow-mode",
    who=MODERATORS,
    body=SlowModeBody,
    answer=ThreadSchema,
    errors=[ThreadNotFound],
)
def slow_thread_down(data: dict[str, Any], thread_id: int) -> Response:
    """Let each member reply in a thread only once in so many seconds; moderators always may."""
    surgery.slow_down(db.session(), viewer(), thread_id, data["seconds"], data["reason"])
    return _thread(thread_id)


@blueprint.operation(
    "DELETE", f"{THREAD}/slow-mode", who=MODERATORS, answer=ThreadSchema, errors=[ThreadNotFound]
)
def end_slow_mode(thread_id: int) -> Response:
    """Let everybody reply in a thread as often as they like."""
    surgery.slow_down(db.session(), viewer(), thread_id, None, None)
    return _thread(thread_id)


@blueprint.operation(
    "POST",
    f"{THREAD}/move",
    who=MODERATORS,
    body=MoveBody,
    answer=ThreadSchema,
    errors=[ThreadNotFound, PostNotFound, PostIsGone],
)
def move_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Put a thread with all its replies below another post."""
    surgery.move(db.session(), viewer(), thread_id, data["post"], data["reason"])
    return _thread(thread_id)


@blueprint.operation(
    "POST",
    f"{THREAD}/merge",
    who=MODERATORS,
    body=MergeBody,
    answer=ThreadSchema,
    errors=[ThreadNotFound, ThreadIsGone, SameThread],
)
def merge_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Make a thread's opening a reply in another one, with all its replies below it.

    The answer is the other thread, which is where the id of the first leads from then on.
    """
    surgery.merge(db.session(), viewer(), thread_id, data["into"], data["reason"])
    return _thread(data["into"])


@blueprint.operation(
    "POST",
    f"{REPLY}/split",
    who=MODERATORS,
    body=SplitBody,
    status=201,
    answer=ThreadSchema,
    errors=[ReplyNotFound, ReplyIsGone],
    creates=True,
)
def split_thread(data: dict[str, Any], reply_id: int) -> Response:
    """Make a thread of a reply and all below it, where the reply's id leads from then on."""
    opened = surgery.split(db.session(), viewer(), reply_id, data["title"], data["reason"])
    response = _thread(opened)
    response.status_code = 201
    response.headers["Location"] = url_for("threads.thread", thread_id=opened)
    return response


@blueprint.operation(
    "PUT",
    f"{REPLY}/lock",
    who=MODERATORS,
    body=ReasonBody,
    answer=ReplySchema,
    errors=[ReplyNotFound],
)
def lock_reply(data: dict[str, Any], reply_id: int) -> Response:
    """Let a reply and all below it be read, but not answered."""
    surgery.lock_reply(db.session(), viewer(), reply_id, data["reason"])
    return _reply(reply_id)


@blueprint.operation(
    "DELETE", f"{REPLY}/lock", who=MODERATORS, answer=ReplySchema, errors=[ReplyNotFound]
)
def unlock_reply(reply_id: int) -> Response:
    """Let a reply and all below it be answered again."""
    surgery.unlock_reply(db.session(), viewer(), reply_id)
    return _reply(reply_id)


def _thread(thread_id: int) -> Response:
    return json_response(lists.threads([threads.thread(db.session(), thread_id)])[0])


def _reply(reply_id: int) -> Response:
    return json_response(lists.replies([replies.reply(db.session(), reply_id)])[0])
