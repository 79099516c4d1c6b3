"""Reading votes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.elements import Among
from forum.core.pages import rows
from forum.votes.models import ReplyVote, ThreadVote


def _own(table: Any, target: Any) -> Select[Any]:
    of = (table.c.member_id == bindparam("by"), Among(target, "ids"))
    return select(target, table.c.value.label("my_vote")).where(*of)


OWN_ON_REPLIES = _own(ReplyVote.__table__, ReplyVote.__table__.c.reply_id)
"""The votes of the member bound as `by` on the replies bound as `ids`."""

_OWN_ON_THREADS = _own(ThreadVote.__table__, ThreadVote.__table__.c.thread_id)


def votes_on_threads(
    session: Session, viewer: Viewer, thread_ids: Collection[int]
) -> dict[int, int]:
    """The viewer's own votes by thread id."""
    found = rows(session, _OWN_ON_THREADS, by=viewer.id, ids=list(thread_ids))
    return {row.thread_id: row.my_vote for row in found}
