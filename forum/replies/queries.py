"""Reading single replies and plain lists of them.

What is hidden never leaves the database: a tombstone has no text and no author.
"""

from typing import Any

from sqlalchemy import Row, Select, and_, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core import pages
from forum.core.pages import Order, Page, Position
from forum.replies.errors import ReplyNotFound
from forum.replies.models import TECHNICAL, Reply, Revision
from forum.replies.tree_key import ancestor_ids

_MASKED = ("author_id", "body", "body_html", "declared", "path", "pinned_path", "pinned_reason")

COLUMNS = (
    *(c for c in Reply.__table__.c if c.key not in _MASKED),
    *(case((Reply.visible, getattr(Reply, name)), else_=null()).label(name) for name in _MASKED),
    *AUTHOR_COLUMNS,
)

ORDERS = {
    "best": Order((Reply.best, Reply.id)),
    "new": Order((Reply.created_at, Reply.id)),
    "old": Order((Reply.created_at, Reply.id), descending=False),
    "top": Order((Reply.score, Reply.id)),
    "controversial": Order((Reply.controversy, Reply.id)),
}

NEWEST = ORDERS["new"]


def replies() -> Select[Any]:
    """Replies with their authors; the caller adds which."""
    author = and_(Member.id == Reply.author_id, Reply.visible)
    return select(*COLUMNS).select_from(Reply).outerjoin(Member, author)


def reply(session: Session, reply_id: int) -> Row[Any]:
    """A reply or its tombstone; raises `ReplyNotFound`."""
    row = session.execute(replies().where(Reply.id == reply_id, Reply.listed)).one_or_none()
    if row is None:
        raise ReplyNotFound
    return row


def context(session: Session, reply_id: int) -> list[Row[Any]]:
    """The chain from the top-level reply down to this one; raises `ReplyNotFound`."""
    last = reply(session, reply_id)
    above = replies().where(Reply.id.in_(ancestor_ids(last.tree_key))).order_by(Reply.depth)
    return [*session.execute(above), last]


def revisions(
    session: Session, reply_id: int, after: Position | None, limit: int
) -> Page[Row[Any]]:
    """What a visible reply said before each edit, latest edit first; raises `ReplyNotFound`."""
    if not session.scalar(select(Reply.id).where(Reply.id == reply_id, Reply.visible)):
        raise ReplyNotFound
    query = select(*Revision.__table__.c).where(Revision.reply_id == reply_id)
    return pages.fetch(
        session, query, Order((Revision.replaced_at, Revision.id)), after, limit
    )


def on_path(
    session: Session, thread_id: int, path: str, sort: str, after: Position | None, limit: int
) -> Page[Row[Any]]:
    """The visible replies of a thread on a path, bridges included; `balanced` is `best` here."""
    query = replies().where(Reply.thread_id == thread_id, Reply.visible, _stands_on(path))
    order = ORDERS["best" if sort == "balanced" else sort]
    return pages.fetch(session, query, order, after, limit)


def of_author(
    session: Session, author_id: int, after: Position | None, limit: int
) -> Page[Row[Any]]:
    """What a member wrote, newest first."""
    query = replies().where(Reply.author_id == author_id, Reply.visible)
    return pages.fetch(session, query, NEWEST, after, limit)


def newest(
    session: Session,
    limit: int,
    *,
    post_id: int | None = None,
    thread_id: int | None = None,
    author_id: int | None = None,
    path: str | None = None,
) -> list[Row[Any]]:
    """The latest visible replies of the community, or of one post, thread, member or path."""
    query = replies().where(Reply.visible)
    if post_id is not None:
        query = query.where(Reply.post_id == post_id)
    if thread_id is not None:
        query = query.where(Reply.thread_id == thread_id)
    if author_id is not None:
        query = query.where(Reply.author_id == author_id)
    if path is not None:
        query = query.where(_stands_on(path))
    return pages.first(session, query, NEWEST, None, limit)


def _stands_on(path: str) -> Any:
    return Reply.on_technical if path == TECHNICAL else Reply.on_management
