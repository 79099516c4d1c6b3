"""Reading votes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.pages import rows
from forum.votes.models import ReplyVote, ThreadVote


def _own(table: Any, target: Any) -> Select[Any]:
    of = (table.c.member_id == bindparam("by"), target.in_(bindparam("ids", expanding=True)))
    return select(target.label("target_id"), table.c.value).where(*of)


_ON_THREADS = _own(ThreadVote.__table__, ThreadVote.__table__.c.thread_id)
_ON_REPLIES = _own(ReplyVote.__table__, ReplyVote.__table__.c.reply_id)


def votes_on_threads(
    session: Session, viewer: Viewer, thread_ids: Collection[int]
) -> dict[int, int]:
    """The viewer's own votes by thread id."""
    return _votes(session, _ON_THREADS, viewer, thread_ids)


def votes_on_replies(
    session: Session, viewer: Viewer, reply_ids: Collection[int]
) -> dict[int, int]:
    """The viewer's own votes by reply id."""
    return _votes(session, _ON_REPLIES, viewer, reply_ids)


def _votes(
    session: Session, statement: Select[Any], viewer: Viewer, ids: Collection[int]
) -> dict[int, int]:
    found = rows(session, statement, by=viewer.id, ids=list(ids))
    return {row.target_id: row.value for row in found}
