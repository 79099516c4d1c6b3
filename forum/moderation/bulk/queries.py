"""Reading what is done to many texts, which moderators alone may."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.db import table_of
from forum.core.errors import Forbidden
from forum.core.pages import Record, rows
from forum.moderation import policy
from forum.moderation.bulk.models import REPLIES, THREADS, Bulk, BulkItem
from forum.moderation.errors import BulkNotFound
from forum.moderation.queue.models import HELD, REPORT, RULE, ReviewItem

ANSWERED = (REPORT, HELD, RULE)

_BULK = table_of(Bulk).c
_ITEM = table_of(BulkItem).c
_ONE = select(*_BULK).where(_BULK.id == bindparam("of_id"))
_ITEMS = select(*_ITEM).where(_ITEM.bulk_id == bindparam("of_bulk")).order_by(_ITEM.text_id)
_WAITING = (
    select(_ITEM.text_id)
    .where(_ITEM.bulk_id == bindparam("of_bulk"), _ITEM.outcome.is_(None))
    .order_by(_ITEM.text_id)
    .limit(bindparam("most"))
)
_WAITS = table_of(ReviewItem).c
_OPEN = {
    texts: select(*_WAITS)
    .where(about == bindparam("of_text"), _WAITS.decided_at.is_(None), _WAITS.kind.in_(ANSWERED))
    .order_by(_WAITS.id)
    for texts, about in ((REPLIES, _WAITS.reply_id), (THREADS, _WAITS.thread_id))
}
_PENDING = select(func.count().label("number")).where(
    _ITEM.bulk_id == bindparam("of_bulk"), _ITEM.outcome.is_(None)
)


def bulk(session: Session, viewer: Viewer, bulk_id: int) -> Record:
    """Raises `BulkNotFound`."""
    if not policy.may_moderate(viewer):
        raise Forbidden
    found = rows(session, _ONE, of_id=bulk_id)
    if not found:
        raise BulkNotFound
    return found[0]


def items(session: Session, bulk_id: int, text_ids: Collection[int] | None = None) -> list[Record]:
    """All texts of a bulk, or some of them, in the order of ids."""
    found = rows(session, _ITEMS, of_bulk=bulk_id)
    return [item for item in found if text_ids is None or item.text_id in text_ids]


def waiting(session: Session, bulk_id: int, most: int) -> list[int]:
    """The next texts that nothing was done to yet, by id."""
    return [row.text_id for row in rows(session, _WAITING, of_bulk=bulk_id, most=most)]


def open_items(session: Session, texts: str, text_id: int) -> list[Record]:
    """What waits in the queue about a text and is answered by removing or approving it."""
    return rows(session, _OPEN[texts], of_text=text_id)


def pending(session: Session, bulk_id: int) -> int:
    """How many texts of a bulk nothing was done to yet."""
    number: int = rows(session, _PENDING, of_bulk=bulk_id)[0].number
    return number
