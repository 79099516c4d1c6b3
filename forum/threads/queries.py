"""Reading threads. What is hidden never leaves the database: a tombstone has no text or author."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.lifecycle import FACTS, state_of
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.posts.models import Post
from forum.threads.errors import ThreadNotFound
from forum.threads.models import Thread

_THREAD = Thread.__table__.c
_MASKED = ("author_id", "title", "body", "body_html")
_NOT_READ = (*FACTS, "removed_reason", "turned_at", "listed", "locked_reason")
_AUTHOR = and_(Member.__table__.c.id == _THREAD.author_id, _THREAD.visible)


def _masked(name: str) -> Any:
    return case((_THREAD.visible, _THREAD[name]), else_=null()).label(name)


_THREADS = select(
    *(c for c in _THREAD if c.key not in (*_MASKED, *_NOT_READ)),
    state_of(_THREAD),
    *map(_masked, _MASKED),
    *AUTHOR_COLUMNS,
).select_from(Thread.__table__.outerjoin(Member.__table__, _AUTHOR))

_OUTLINES = select(
    *(_THREAD[n] for n in ("id", "visible", "created_at", "edited_at", "reply_count")),
    _THREAD.last_reply_at,
    _masked("title"),
    Post.__table__.c.title.label("post_title"),
    *AUTHOR_COLUMNS,
).select_from(
    Thread.__table__.outerjoin(Member.__table__, _AUTHOR).outerjoin(
        Post.__table__, Post.__table__.c.id == _THREAD.post_id
    )
)
"""Threads without their texts; outer joins, for the order of the threads decides the plan."""

ORDERS = {
    "hot": Order((_THREAD.pinned, _THREAD.hot, _THREAD.id)),
    "best": Order((_THREAD.best, _THREAD.id)),
    "new": Order((_THREAD.created_at, _THREAD.id)),
    "old": Order((_THREAD.created_at, _THREAD.id), descending=False),
    "top": Order((_THREAD.score, _THREAD.id)),
    "active": Order((_THREAD.active_at, _THREAD.id)),
}

_OF_ID = (_THREAD.id == bindparam("of_id"), _THREAD.listed)
_ONE = _THREADS.where(*_OF_ID)
_BY_IDS = _THREADS.where(_THREAD.id.in_(bindparam("ids", expanding=True)), _THREAD.listed)
_OUTLINE = _OUTLINES.where(*_OF_ID)

_OF_POST = (_THREAD.post_id == bindparam("of_post"), _THREAD.listed)
_BELOW_POST = {sort: Keyset(_THREADS.where(*_OF_POST), order) for sort, order in ORDERS.items()}

_NEWEST = {
    scope: Keyset(_OUTLINES.where(_THREAD.visible, *which), ORDERS["new"], within)
    for scope, which, within in (
        ("community", (), None),
        ("post", (_THREAD.listed,), Within(_THREAD.post_id, bindparam("of_post"))),
        ("author", (), Within(_THREAD.author_id, bindparam("of_author"))),
    )
}
_HTML = select(_THREAD.id, _THREAD.body_html).where(
    _THREAD.id.in_(bindparam("ids", expanding=True)), _THREAD.visible
)


def thread(session: Session, thread_id: int) -> Record:
    """A thread or its tombstone; raises `ThreadNotFound`."""
    return _one(session, _ONE, thread_id)


def threads_of_post(
    session: Session, post_id: int, sort: str, after: Position | None, limit: int
) -> Page[Record]:
    """The conversations below a post, tombstones of answered ones included."""
    return _BELOW_POST[sort].page(session, after, limit, of_post=post_id)


def newest(
    session: Session, limit: int, *, post_id: int | None = None, author_id: int | None = None
) -> list[Record]:
    """The latest visible threads of the community, a post or a member, as `outline` has them."""
    if post_id is not None:
        return _NEWEST["post"].first(session, None, limit, of_post=post_id)
    if author_id is not None:
        return _NEWEST["author"].first(session, None, limit, of_author=author_id)
    return _NEWEST["community"].first(session, None, limit)


def outline(session: Session, thread_id: int) -> Record:
    """A thread or its tombstone with the title of its post, but without what it says.

    Raises `ThreadNotFound`; `html` has what it says.
    """
    return _one(session, _OUTLINE, thread_id)


def by_ids(session: Session, thread_ids: Collection[int]) -> dict[int, Record]:
    """Threads and tombstones by id, as far as they exist for readers."""
    return {row.id: row for row in rows(session, _BY_IDS, ids=list(thread_ids))}


def html(session: Session, thread_ids: Collection[int]) -> dict[int, str]:
    """What threads say, by id, as far as they are visible."""
    return {row.id: row.body_html for row in rows(session, _HTML, ids=list(thread_ids))}


def _one(session: Session, query: Select[Any], thread_id: int) -> Record:
    found = rows(session, query, of_id=thread_id)
    if not found:
        raise ThreadNotFound
    return found[0]
