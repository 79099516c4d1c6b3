"""Votes as they are stored with threads and replies, against the votes there are."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from forum.core import ranking
from forum.core.recount import Difference, compare
from forum.replies.models import Reply
from forum.threads.models import Thread
from forum.votes.models import ReplyVote, ThreadVote

CHUNK = 1000


def differences(session: Session) -> Iterator[Difference]:
    """Votes and ranks that are stored wrongly."""
    for row in _counted(session, Thread, ThreadVote, ThreadVote.thread_id, "best", "hot"):
        yield from compare(
            Thread,
            row,
            {
                "up": row.ups,
                "down": row.downs,
                "best": ranking.wilson_lower_bound(row.ups, row.downs),
                "hot": ranking.hot(row.ups - row.downs, row.created_at.timestamp()),
            },
        )
    for row in _counted(session, Reply, ReplyVote, ReplyVote.reply_id, "best", "controversy"):
        yield from compare(
            Reply,
            row,
            {
                "up": row.ups,
                "down": row.downs,
                "best": ranking.wilson_lower_bound(row.ups, row.downs),
                "controversy": ranking.controversy(row.ups, row.downs),
            },
        )


def _counted(
    session: Session, table: Any, votes: Any, target: Any, *ranks: str
) -> Iterable[Row[Any]]:
    def number(value: int) -> Any:
        counting = select(func.count()).where(target == table.id, votes.value == value)
        return counting.correlate(table).scalar_subquery()

    query = select(
        table.id,
        table.created_at,
        table.up,
        table.down,
        *(getattr(table, rank) for rank in ranks),
        number(1).label("ups"),
        number(-1).label("downs"),
    )
    return session.execute(query.execution_options(yield_per=CHUNK))
