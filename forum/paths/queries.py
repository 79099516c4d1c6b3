"""Reading ballots."""

from collections.abc import Collection

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.elements import Among
from forum.core.pages import rows
from forum.paths.models import Ballot

_BALLOT = Ballot.__table__.c

OWN = select(_BALLOT.reply_id, _BALLOT.path.label("my_ballot")).where(
    _BALLOT.member_id == bindparam("by"), Among(_BALLOT.reply_id, "ids")
)
"""The ballots of the member bound as `by` on the replies bound as `ids`."""

_COUNTS = (
    select(_BALLOT.path, func.count().label("ballots"))
    .where(_BALLOT.reply_id == bindparam("of_reply"))
    .group_by(_BALLOT.path)
)


def ballots_of_viewer(
    session: Session, viewer: Viewer, reply_ids: Collection[int]
) -> dict[int, str]:
    """The viewer's own ballots by reply id."""
    found = rows(session, OWN, by=viewer.id, ids=list(reply_ids))
    return {row.reply_id: row.my_ballot for row in found}


def count_ballots(session: Session, reply_id: int) -> dict[str, int]:
    """Ballots on a reply by value, counted from the rows."""
    return {row.path: row.ballots for row in rows(session, _COUNTS, of_reply=reply_id)}
