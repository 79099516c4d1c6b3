"""Reading threads. What is hidden never leaves the database: a tombstone has no text or author."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.lifecycle import FACTS, state_of
from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.threads.errors import ThreadNotFound
from forum.threads.gap import GAPS
from forum.threads.models import Thread

_THREAD = Thread.__table__.c
_MASKED = ("author_id", "title", "body", "body_html")
_TIMES_OF_GAPS = (f"{gap}_{time}" for gap in GAPS for time in ("entered_at", "turned_at"))
_FLAGS_OF_GAPS = (f"in_{gap}" for gap in GAPS)
_NOT_READ = (
    *(*FACTS, "removed_reason", "turned_at", "listed", "locked_reason"),
    *("moved_to_id", "left_post_id", "left_post_at"),
    *_FLAGS_OF_GAPS,
    *_TIMES_OF_GAPS,
)
_AUTHOR = and_(Member.__table__.c.id == _THREAD.author_id, _THREAD.visible)


def _masked(name: str) -> Any:
    return case((_THREAD.visible, _THREAD[name]), else_=null()).label(name)


_THREADS = select(
    *(c for c in _THREAD if c.key not in (*_MASKED, *_NOT_READ)),
    state_of(_THREAD),
    *map(_masked, _MASKED),
    *AUTHOR_COLUMNS,
).select_from(Thread.__table__.outerjoin(Member.__table__, _AUTHOR))

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

_OF_POST = (_THREAD.post_id == bindparam("of_post"), _THREAD.listed)
_BELOW_POST = {sort: Keyset(_THREADS.where(*_OF_POST), order) for sort, order in ORDERS.items()}

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
