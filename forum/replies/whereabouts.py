"""Where a thread or reply has gone that is not under its id any more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.core.pages import rows
from forum.replies.models import Reply
from forum.threads.models import Thread

_REPLY = Reply.__table__.c
_THREAD = Thread.__table__.c
_OF_REPLY = select(_REPLY.moved_to_id, _REPLY.listed, _REPLY.thread_id).where(
    _REPLY.id == bindparam("of_id")
)
_OF_THREAD = select(_THREAD.moved_to_id, _THREAD.listed, _THREAD.id.label("thread_id")).where(
    _THREAD.id == bindparam("of_id")
)
_KINDS = {"reply_id": "replies", "thread_id": "threads"}
_FOUND = {"reply_id": _OF_REPLY, "thread_id": _OF_THREAD}
_OTHER = {"reply_id": "thread_id", "thread_id": "reply_id"}


def find(session: Session, names: Mapping[str, Any]) -> tuple[str, str] | None:
    """The former and the present name of what has the `thread_id` or `reply_id` among `names`.

    They are such as `replies/7` and `threads/8`. None for what has not been moved, or to where it
    cannot be seen.
    """
    for name, kind in _KINDS.items():
        if name in names:
            thread_id = _thread_of(session, name, names[name])
            return (f"{kind}/{names[name]}", f"threads/{thread_id}") if thread_id else None
    return None


def _thread_of(session: Session, name: str, number: int) -> int | None:
    """The thread in which those words are by now; it may have taken several moves."""
    found = rows(session, _FOUND[name], of_id=number)
    if not found or found[0].moved_to_id is None:
        return None
    while found and found[0].moved_to_id is not None:
        name = _OTHER[name]
        found = rows(session, _FOUND[name], of_id=found[0].moved_to_id)
    return found[0].thread_id if found and found[0].listed else None
