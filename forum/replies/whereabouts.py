"""Where a thread or reply has gone that is not under its id any more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from forum.core.pages import Record, rows
from forum.replies.models import Reply
from forum.threads.models import Thread

_REPLY = Reply.__table__.c
_THREAD = Thread.__table__.c
_OF_REPLY = select(
    *(_REPLY[name] for name in ("moved_to_id", "listed", "thread_id", "left_thread_id"))
).where(_REPLY.id == bindparam("of_id"))
_OF_THREAD = select(_THREAD.moved_to_id, _THREAD.listed, _THREAD.id.label("thread_id")).where(
    _THREAD.id == bindparam("of_id")
)


def find(session: Session, names: Mapping[str, Any]) -> tuple[str, str] | None:
    """The former and the present name of the thread or reply whose id is among `names`.

    They are such as `replies/7` and `threads/8`. With both ids, the thread is what was left by the
    reply. None for what has not been moved, or to where it cannot be seen.
    """
    thread_id, reply_id = names.get("thread_id"), names.get("reply_id")
    if reply_id is None:
        found = _thread_of(session, _OF_THREAD, thread_id) if thread_id else None
    else:
        found = _thread_of(session, _OF_REPLY, reply_id, thread_id)
    if found is None:
        return None
    former = f"threads/{thread_id}" if thread_id else f"replies/{reply_id}"
    return former, f"threads/{found}"


def _thread_of(
    session: Session, kind: Select[Any], number: int, left_id: int | None = None
) -> int | None:
    """The thread in which those words are by now; it may have taken several moves."""
    found = rows(session, kind, of_id=number)
    if not found or (found[0].moved_to_id is None and not _has_left(found[0], left_id)):
        return None
    while found and found[0].moved_to_id is not None:
        kind = _OF_THREAD if kind is _OF_REPLY else _OF_REPLY
        found = rows(session, kind, of_id=found[0].moved_to_id)
    return found[0].thread_id if found and found[0].listed else None


def _has_left(reply: Record, thread_id: int | None) -> bool:
    return thread_id is not None and thread_id == reply.left_thread_id != reply.thread_id
