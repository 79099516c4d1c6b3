"""Routes of replies and their tree."""

from typing import Any

from flask import Response, url_for

from forum.accounts.errors import Banned, GuestNameTaken, Sanctioned
from forum.accounts.grants import REPLIES_WRITE
from forum.api import guests as by_guests
from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import AUTHORS, MEMBERS, WRITERS, sender, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.replies import (
    ChangeReplyBody,
    ContextSchema,
    NewReplyBody,
    NodeListSchema,
    ReplySchema,
    RevisionListSchema,
    ThreadTreeQuery,
    TreeQuery,
    WrittenReplySchema,
)
from forum.api.schemas.texts import RemovalQuery
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
from forum.replies import queries, tree
from forum.replies.commands import NewReply
from forum.replies.errors import (
    BranchIsLocked,
    ParentNotFound,
    ReplyIsGone,
    ReplyNotFound,
    ThreadIsSlow,
)
from forum.replies.tree import Shape
from forum.threads.errors import ThreadIsGone, ThreadIsLocked, ThreadNotFound
from forum.threads.events import thread_topic

blueprint = Blueprint("replies", __name__, description="Answers in threads.")


@blueprint.operation(
    "GET",
    "/threads/<id:thread_id>/replies",
    query=ThreadTreeQuery,
    answer=NodeListSchema,
    errors=[ThreadNotFound],
)
def replies_in_thread(arguments: dict[str, Any], thread_id: int) -> Response:
    """The tree of replies as a flat list in reading order, bounded; `more` says what is cut.

    With `path`, a plain list of the replies on that path, bridges included.
    """
    depends_on(thread_topic(thread_id))
    if arguments["path"]:
        page = queries.on_path(
            db.session(),
            thread_id,
            arguments["path"],
            arguments["sort"],
            lists.position(arguments),
            arguments["limit"],
        )
        return lists.listed(page, arguments, lists.plain_nodes)
    shape = _shape(arguments)
    start = lists.start_of_deal(arguments)
    found = tree.below_thread(db.session(), thread_id, shape, start)
    return lists.listed_tree(found, shape, arguments)


@blueprint.operation(
    "POST",
    "/threads/<id:thread_id>/replies",
    who=WRITERS,
    scope=REPLIES_WRITE,
    body=NewReplyBody,
    status=201,
    answer=WrittenReplySchema,
    errors=[
        ThreadNotFound,
        ThreadIsGone,
        ThreadIsLocked,
        ThreadIsSlow,
        BranchIsLocked,
        ParentNotFound,
        ReplyIsGone,
        Sanctioned,
        GuestNameTaken,
        Banned,
        TextRefused,
        TooSoon,
    ],
    creates=True,
)
def add_reply(data: dict[str, Any], thread_id: int) -> Response:
    """Answer a thread or, with `parent_id`, a reply in it; what has to wait is `held`."""
    written, told = by_guests.written(
        "reply",
        data,
        lambda: admission.write_reply(
            db.session(), viewer(), thread_id, NewReply(**data), sender()
        ),
        lambda by: guests.write_reply(db.session(), by, thread_id, NewReply(**data), sender()),
    )
    response = json_response(lists.replies([written])[0] | told, 201)
    response.headers["Location"] = url_for("replies.reply", reply_id=written.id)
    return response


@blueprint.operation("GET", "/replies/<id:reply_id>", answer=ReplySchema, errors=[ReplyNotFound])
def reply(reply_id: int) -> Response:
    """A reply, or its tombstone while something is visible below it."""
    return json_response(_shown(reply_id))


@blueprint.operation(
    "PATCH",
    "/replies/<id:reply_id>",
    who=AUTHORS,
    scope=REPLIES_WRITE,
    body=ChangeReplyBody,
    answer=ReplySchema,
    errors=[ReplyNotFound, ReplyIsGone, Forbidden, Sanctioned, TextRefused],
)
def edit_reply(data: dict[str, Any], reply_id: int) -> Response:
    """Change what a reply says; what it said stays among its revisions."""

    def once_locked() -> None:
        require_match(lists.replies([held.reply_or_own(db.session(), viewer(), reply_id)])[0])

    edited = admission.edit_reply(
        db.session(), viewer(), reply_id, data["body"], once_locked, sender()
    )
    return json_response(lists.replies([edited])[0])


@blueprint.operation(
    "DELETE",
    "/replies/<id:reply_id>",
    who=MEMBERS,
    scope=REPLIES_WRITE,
    query=RemovalQuery,
    status=204,
    errors=[ReplyNotFound, ReplyIsGone, Forbidden],
)
def delete_reply(arguments: dict[str, Any], reply_id: int) -> Response:
    """Take back one's own reply or, as a moderator, remove somebody else's."""
    moderation.take_reply_away(db.session(), viewer(), reply_id, arguments["reason"])
    return Response(status=204)


@blueprint.operation(
    "GET",
    "/replies/<id:reply_id>/replies",
    query=TreeQuery,
    answer=NodeListSchema,
    errors=[ReplyNotFound],
)
def replies_below(arguments: dict[str, Any], reply_id: int) -> Response:
    """What was answered to a reply, as a flat list like that of a thread."""
    shape = _shape(arguments)
    start = lists.start_of_deal(arguments)
    above = queries.reply(db.session(), reply_id)
    depends_on(thread_topic(above.thread_id))
    found = tree.below_reply(db.session(), above, shape, start)
    return lists.listed_tree(found, shape, arguments)


@blueprint.operation(
    "GET", "/replies/<id:reply_id>/context", answer=ContextSchema, errors=[ReplyNotFound]
)
def context(reply_id: int) -> Response:
    """The replies above a reply, the top-level one first, and the reply itself."""
    chain = queries.context(db.session(), reply_id)
    depends_on(thread_topic(chain[-1].thread_id))
    return json_response({"items": lists.replies(chain)})


@blueprint.operation(
    "GET",
    "/replies/<id:reply_id>/revisions",
    query=PageQuery,
    answer=RevisionListSchema,
    errors=[ReplyNotFound],
)
def revisions(arguments: dict[str, Any], reply_id: int) -> Response:
    """What a reply said before each edit, the latest edit first."""
    after = lists.position(arguments)
    page = queries.revisions(db.session(), reply_id, after, arguments["limit"])
    return lists.listed(page, arguments, lists.revisions)


def _shape(arguments: dict[str, Any]) -> Shape:
    return Shape(**{name: arguments[name] for name in ("sort", "limit", "children", "depth")})


def _shown(reply_id: int) -> dict[str, Any]:
    row = queries.reply(db.session(), reply_id)
    depends_on(thread_topic(row.thread_id))
    return lists.replies([row])[0]
