"""Ballots and paths as they are stored with replies, against the ballots there are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.config import settings_of
from forum.core import clock
from forum.core.recount import Difference, compare
from forum.paths.models import Ballot
from forum.paths.resolve import PinnedPath, resolve
from forum.replies import turns
from forum.replies.models import MANAGEMENT, NEITHER, TECHNICAL, Reply

CHUNK = 1000


def differences(session: Session) -> Iterator[Difference]:
    """Ballot counts and resolved paths that are stored wrongly."""
    thresholds, now = settings_of(session).thresholds, clock.now()
    query = select(
        Reply.id,
        Reply.declared,
        Reply.pinned_at,
        Reply.pinned_path,
        Reply.technical_ballots,
        Reply.management_ballots,
        Reply.neither_ballots,
        Reply.path,
        Reply.path_source,
        Reply.contested,
        Reply.bridge,
        Reply.visible,
        Reply.technical_entered_at,
        Reply.technical_turned_at,
        Reply.management_entered_at,
        Reply.management_turned_at,
        _number(TECHNICAL).label("technical"),
        _number(MANAGEMENT).label("management"),
        _number(NEITHER).label("neither"),
    )
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        ballots = {TECHNICAL: row.technical, MANAGEMENT: row.management, NEITHER: row.neither}
        pin = PinnedPath(row.pinned_path) if row.pinned_at else None
        found = resolve(row.declared, ballots, pin, thresholds)
        yield from compare(
            Reply,
            row,
            {
                "technical_ballots": row.technical,
                "management_ballots": row.management,
                "neither_ballots": row.neither,
                "path": found.path,
                "path_source": found.source,
                "contested": found.contested,
                "bridge": found.bridge,
                **_times(row, found.path, found.bridge, now),
            },
        )


def _times(row: Any, path: str | None, bridge: bool, now: datetime) -> turns.Times:
    """What is hidden comes to a path only when it appears."""
    return turns.on_resolving(row, path, bridge, now) if row.visible else {}


def _number(path: str) -> Any:
    counting = select(func.count()).where(Ballot.reply_id == Reply.id, Ballot.path == path)
    return counting.correlate(Reply).scalar_subquery()
