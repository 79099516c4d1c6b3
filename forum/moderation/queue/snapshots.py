"""Texts as somebody saw them: which revision it was, and what it said."""

from collections.abc import Collection
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, delete, null, or_, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.many import among, insert_missing
from forum.core.pages import Record, rows
from forum.moderation.queue.models import Snapshot
from forum.replies.models import Reply
from forum.threads.models import Thread

_REPLY, _THREAD, _SNAPSHOT = (table_of(table).c for table in (Reply, Thread, Snapshot))
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


def destroy(session: Session, thread_ids: Collection[int], reply_ids: Collection[int]) -> None:
    """Destroy what is kept of some texts, whose words go for good."""
    of_threads = among(session, Snapshot.thread_id, thread_ids)
    doomed = of_threads | among(session, Snapshot.reply_id, reply_ids)
    execute(session, delete(table_of(Snapshot)).where(doomed))


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
