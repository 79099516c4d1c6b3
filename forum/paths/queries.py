"""Reading ballots."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.paths.models import Ballot


def ballots_of_viewer(
    session: Session, viewer: Viewer, reply_ids: Collection[int]
) -> dict[int, str]:
    """The viewer's own ballots by reply id."""
    rows = session.execute(
        select(Ballot.reply_id, Ballot.path).where(
            Ballot.member_id == viewer.id, Ballot.reply_id.in_(reply_ids)
        )
    )
    return {row.reply_id: row.path for row in rows}


def count_ballots(session: Session, reply_id: int) -> dict[str, int]:
    """Ballots on a reply by value, counted from the rows."""
    rows = session.execute(
        select(Ballot.path, func.count().label("ballots"))
        .where(Ballot.reply_id == reply_id)
        .group_by(Ballot.path)
    )
    return {row.path: row.ballots for row in rows}
