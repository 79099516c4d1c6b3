"""Reading threads. What is hidden never leaves the database: a tombstone has no text or author."""

from typing import Any

from sqlalchemy import Row, Select, and_, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core import pages
from forum.core.pages import Order, Page, Position
from forum.threads.errors import ThreadNotFound
from forum.threads.models import Thread

_MASKED = ("author_id", "title", "body", "body_html")

COLUMNS = (
    *(c for c in Thread.__table__.c if c.key not in _MASKED),
    *(
        case((Thread.visible, getattr(Thread, name)), else_=null()).label(name) for name in _MASKED
    ),
    *AUTHOR_COLUMNS,
)

ORDERS = {
    "hot": Order((Thread.pinned, Thread.hot, Thread.id)),
    "best": Order((Thread.best, Thread.id)),
    "new": Order((Thread.created_at, Thread.id)),
    "old": Order((Thread.created_at, Thread.id), descending=False),
    "top": Order((Thread.score, Thread.id)),
    "active": Order((Thread.active_at, Thread.id)),
}

NEWEST = ORDERS["new"]


def thread(session: Session, thread_id: int) -> Row[Any]:
    """A thread or its tombstone; raises `ThreadNotFound`."""
    row = session.execute(_threads().where(Thread.id == thread_id, Thread.listed)).one_or_none()
    if row is None:
        raise ThreadNotFound
    return row


def threads_of_post(
    session: Session, post_id: int, sort: str, after: Position | None, limit: int
) -> Page[Row[Any]]:
    """The conversations below a post, tombstones of answered ones included."""
    query = _threads().where(Thread.post_id == post_id, Thread.listed)
    return pages.fetch(session, query, ORDERS[sort], after, limit)


def newest(
    session: Session, limit: int, *, post_id: int | None = None, author_id: int | None = None
) -> list[Row[Any]]:
    """The latest visible threads of the community, a post or a member."""
    query = _threads().where(Thread.visible)
    if post_id is not None:
        query = query.where(Thread.post_id == post_id, Thread.listed)
    if author_id is not None:
        query = query.where(Thread.author_id == author_id)
    return pages.first(session, query, NEWEST, None, limit)


def _threads() -> Select[Any]:
    author = and_(Member.id == Thread.author_id, Thread.visible)
    return select(*COLUMNS).select_from(Thread).outerjoin(Member, author)
