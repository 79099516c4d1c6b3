"""Reading votes."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.votes.models import ReplyVote, ThreadVote


def votes_on_threads(
    session: Session, viewer: Viewer, thread_ids: Collection[int]
) -> dict[int, int]:
    """The viewer's own votes by thread id."""
    rows = session.execute(
        select(ThreadVote.thread_id, ThreadVote.value).where(
            ThreadVote.member_id == viewer.id, ThreadVote.thread_id.in_(thread_ids)
        )
    )
    return {row.thread_id: row.value for row in rows}


def votes_on_replies(
    session: Session, viewer: Viewer, reply_ids: Collection[int]
) -> dict[int, int]:
    """The viewer's own votes by reply id."""
    rows = session.execute(
        select(ReplyVote.reply_id, ReplyVote.value).where(
            ReplyVote.member_id == viewer.id, ReplyVote.reply_id.in_(reply_ids)
        )
    )
    return {row.reply_id: row.value for row in rows}
