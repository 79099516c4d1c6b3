"""Texts as somebody saw them: which revision it was, and what it said."""

from collections.abc import Collection
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, delete, exists, null, or_, select, union_all
from sqlalchemy.orm import Session

from forum.config import settings_of
from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.lifecycle import each_visibility
from forum.core.many import among, insert_missing
from forum.core.pages import Record, rows
from forum.moderation.queue.models import ReviewItem, Snapshot
from forum.replies.models import Reply
from forum.threads.models import Thread

MOST_FORGOTTEN = 1_000
"""At once, so that nobody waits for it."""

_REPLY, _THREAD, _SNAPSHOT = (table_of(table).c for table in (Reply, Thread, Snapshot))
_ITEM = table_of(ReviewItem).c
_OF_REPLY = select(null().label("title"), _REPLY.body, _REPLY.body_html).where(
    _REPLY.id == bindparam("of_id")
)
_OF_THREAD = select(_THREAD.title, _THREAD.body, _THREAD.body_html).where(
    _THREAD.id == bindparam("of_id")
)


def revision_of(title: str | None, body: str) -> str:
    """What tells one wording of a text from any other; 16 hexadecimal digits."""
    return blake2b(f"{title or ''}\0{body}".encode(), digest_size=8).hexdigest()


def take(session: Session, thread_id: int | None, reply_id: int | None) -> str | None:
    """Keep what a reply, or else a thread, says now; gives its revision, None without either."""
    if reply_id is not None:
        target: dict[str, Any] = {"reply_id": reply_id}
        (said,) = rows(session, _OF_REPLY, of_id=reply_id)
    elif thread_id is not None:
        target = {"thread_id": thread_id}
        (said,) = rows(session, _OF_THREAD, of_id=thread_id)
    else:
        return None
    revision = revision_of(said.title, said.body)
    kept = {**target, **said._asdict(), "revision": revision, "taken_at": clock.now()}
    execute(session, insert_missing(session, Snapshot).values(kept))
    return revision


def of_text(session: Session, thread_id: int | None, reply_id: int | None) -> list[Record]:
    """What a reply or, without one, a thread said whenever somebody saw it, latest first."""
    of_thread = None if reply_id else thread_id
    return rows(session, _KEPT, of_thread=of_thread, of_reply=reply_id)


def of_author(session: Session, author_id: int) -> list[int]:
    """What is kept of the texts of a member, by id."""
    return [row.id for row in rows(session, _OF_AUTHOR, of_author=author_id)]


def forget(session: Session, snapshot_ids: Collection[int]) -> None:
    """Destroy some of what is kept."""
    execute(session, delete(table_of(Snapshot)).where(among(session, Snapshot.id, snapshot_ids)))


def forget_old(session: Session) -> None:
    """Destroy what was kept of texts about which nobody can appeal any more, the oldest first.

    It stays while something about the text waits or was decided not long ago.
    """
    closed_before = clock.now() - timedelta(days=settings_of(session).appeal_days)
    old = rows(session, _OLD, closed_before=closed_before, most=MOST_FORGOTTEN)
    forget(session, [row.id for row in old])


_KEPT = (
    select(*_SNAPSHOT)
    .where(
        or_(
            _SNAPSHOT.reply_id == bindparam("of_reply"),
            _SNAPSHOT.thread_id == bindparam("of_thread"),
        )
    )
    .order_by(_SNAPSHOT.id.desc())
)
_OF_AUTHOR = union_all(
    *(
        select(_SNAPSHOT.id)
        .join(table_of(text), table_of(text).c.id == of)
        .where(table_of(text).c.author_id == bindparam("of_author"), visibility)
        for text, of in ((Reply, _SNAPSHOT.reply_id), (Thread, _SNAPSHOT.thread_id))
        for visibility in each_visibility(text)
    )
)
_CLOSED_BEFORE = bindparam("closed_before", type_=_SNAPSHOT.taken_at.type)
_IS_RECENT = or_(_ITEM.decided_at.is_(None), _ITEM.decided_at >= _CLOSED_BEFORE)
_OLD = (
    select(_SNAPSHOT.id)
    .where(
        _SNAPSHOT.taken_at < _CLOSED_BEFORE,
        ~exists().where(_ITEM.reply_id == _SNAPSHOT.reply_id, _IS_RECENT),
        ~exists().where(_ITEM.thread_id == _SNAPSHOT.thread_id, _IS_RECENT),
    )
    .order_by(_SNAPSHOT.taken_at)
    .limit(bindparam("most"))
)
