"""What waits for a moderator, as its author alone reads it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.db import table_of
from forum.core.lifecycle import FACTS, state_of
from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.replies import queries as reply_queries
from forum.replies.errors import ReplyNotFound
from forum.replies.models import Reply
from forum.threads import queries as thread_queries
from forum.threads.errors import ThreadNotFound
from forum.threads.models import Thread

_REPLY, _THREAD = table_of(Reply).c, table_of(Thread).c


def reply(session: Session, author_id: int, reply_id: int) -> Record:
    """A held reply, with the columns of `replies.queries.reply`; raises `ReplyNotFound`."""
    found = rows(session, _ONE_REPLY, of_author=author_id, of_id=reply_id)
    if not found:
        raise ReplyNotFound
    return found[0]


def thread(session: Session, author_id: int, thread_id: int) -> Record:
    """A held thread, with the columns of `threads.queries.thread`; raises `ThreadNotFound`."""
    found = rows(session, _ONE_THREAD, of_author=author_id, of_id=thread_id)
    if not found:
        raise ThreadNotFound
    return found[0]


def reply_or_own(session: Session, viewer: Viewer, reply_id: int) -> Record:
    """A reply as everybody reads it, or one's own that waits; raises `ReplyNotFound`."""
    try:
        return reply_queries.reply(session, reply_id)
    except ReplyNotFound:
        return reply(session, viewer.id, reply_id)


def thread_or_own(session: Session, viewer: Viewer, thread_id: int) -> Record:
    """A thread as everybody reads it, or one's own that waits; raises `ThreadNotFound`."""
    try:
        return thread_queries.thread(session, thread_id)
    except ThreadNotFound:
        return thread(session, viewer.id, thread_id)


def of_author(session: Session, viewer: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """Threads and replies of the viewer that wait, those held last first."""
    page = _OF_AUTHOR.page(session, after, limit, of_author=viewer.id)
    return replace(page, items=[row for row in page.items if _may_see(viewer, row)])


def _may_see(viewer: Viewer, row: Record) -> bool:
    return viewer.wrote(f"{row.kind}:{row.id}", viewer.id)


def _waits(text: Any) -> ColumnElement[bool]:
    """What nothing but being held keeps from its readers."""
    others = (text[fact].is_(None) for fact in FACTS if fact != "held_at")
    return and_(text.author_id == bindparam("of_author"), text.held_at.is_not(None), *others)


def _one(table: FromClause) -> Select[Any]:
    wrote = table.c.author_id == table_of(Member).c.id
    found = select(*table.c, state_of(table.c), *AUTHOR_COLUMNS).join(table_of(Member), wrote)
    return found.where(table.c.id == bindparam("of_id"), _waits(table.c))


def _listed(kind: str, text: Any, thread_id: Any, parent_id: Any, title: Any) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        text.id.label("id"),
        thread_id.label("thread_id"),
        parent_id.label("parent_id"),
        title.label("title"),
        *(text[name].label(name) for name in ("body", "body_html", "created_at", "held_at")),
    ).where(_waits(text))


_ONE_REPLY, _ONE_THREAD = _one(table_of(Reply)), _one(table_of(Thread))
_BOTH = union_all(
    _listed("reply", _REPLY, _REPLY.thread_id, _REPLY.parent_id, null()),
    _listed("thread", _THREAD, _THREAD.id, null(), _THREAD.title),
).subquery()
_OF_AUTHOR = Keyset(select(_BOTH), Order((_BOTH.c.held_at, _BOTH.c.id, _BOTH.c.kind)))
