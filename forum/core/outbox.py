"""Events: what happened, written in the transaction that did it, and who reacts to it.

A feature declares its events as frozen dataclasses derived from `Event`, named in the past tense
and holding ids and plain values. The row is the guarantee: whoever is told about an event later
starts from the row, so nothing is lost by a crash and nobody hears of what was rolled back.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import JSON, BigInteger, Row, String, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.db import Identifier, Model, db, execute, table_of, writing
from forum.core.elements import CurrentTransactionId
from forum.core.indexes import partial_index
from forum.core.work import does_together, index_of_due

TOLD_TOGETHER = 8
"""Events whose reactions share a transaction; on SQLite it keeps other writers waiting."""
TELL_FOR_SECONDS = 0.05
"""After which a transaction begins with no other event."""
SOONEST_AGAIN = timedelta(seconds=5)
LATEST_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """Base of all events."""

    def topic(self) -> str | None:
        """What it is about, the widest first (`post:3/thread:7`); None: it may be anything."""
        return None


@dataclass(frozen=True)
class Happened:
    """An event as it is told to those who react to it."""

    id: int
    at: datetime
    event: Event


Reaction = Callable[[Session, Happened], None]
_Row = Row[int, str, dict[str, Any], datetime]


class RecordedEvent(Model):
    """One row per event; `transaction_id` tells on PostgreSQL which snapshots see it.

    Its work is to tell those who react; where nobody does, it never is due.
    """

    __tablename__ = "events"
    __table_args__ = (
        index_of_due(),
        partial_index(
            "ix_events_transaction_id", "transaction_id", where="transaction_id IS NOT NULL"
        ),
        partial_index("ix_events_everywhere", "happened_at", where="topic IS NULL"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    transaction_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]


@dataclass(frozen=True)
class _Audience:
    """A class of events, and all who react to it."""

    event: type[Event]
    reactions: list[Reaction]


_audiences: dict[str, _Audience] = {}


def on(*events: type[Event]) -> Callable[[Reaction], Reaction]:
    """Let a function react to events of these classes, in the worker, soon after the commit.

    It gets a session of a transaction that writes, which others share: it neither commits nor
    speaks to the outside world. It may be told of the same event again and must then change
    nothing. By the time it is told, what the event is about may be hidden or gone.
    """

    def register(reaction: Reaction) -> Reaction:
        for event in events:
            audience = _audiences.setdefault(event.__name__, _Audience(event, []))
            audience.reactions.append(reaction)
        return reaction

    return register


def record(session: Session, event: Event) -> None:
    """Write `event` with the transaction of `session`."""
    name, now = type(event).__name__, clock.now()
    row = {
        "name": name,
        "topic": event.topic(),
        "data": vars(event),
        "happened_at": now,
        "due_at": now if name in _audiences else None,
    }
    execute(session, _INSERT, row)


def waiting(session: Session) -> int:
    """How many events somebody is still to be told of."""
    waits = table_of(RecordedEvent).c.due_at.is_not(None)
    return session.scalar(select(func.count()).where(waits)) or 0


@does_together(RecordedEvent, most=TOLD_TOGETHER)
def tell(event_ids: Sequence[int]) -> None:
    """Tell those who react; where one of them fails, all are told of that event again later.

    Events for which no time is left stay due.
    """
    stop_at = monotonic() + TELL_FOR_SECONDS
    with writing():
        session = db.session()
        _set_due(session, event_ids, None)
        for number, row in enumerate(_rows(session, event_ids)):
            if number > 0 and monotonic() > stop_at:
                _set_due(session, [row.id], row.happened_at)
            elif not _told(session, row):
                _set_due(session, [row.id], _again(row.happened_at))
        session.commit()


def _rows(session: Session, event_ids: Sequence[int]) -> Sequence[_Row]:
    row = RecordedEvent
    asked = select(row.id, row.name, row.data, row.happened_at).where(row.id.in_(event_ids))
    return session.execute(asked.order_by(row.id)).all()


def _told(session: Session, row: _Row) -> bool:
    """Whether everybody who reacts to it has done so."""
    audience = _audiences.get(row.name)
    if audience is None:
        return True
    results = [_succeeds(each, session, audience.event, row) for each in audience.reactions]
    return all(results)


def _succeeds(reaction: Reaction, session: Session, event: type[Event], row: _Row) -> bool:
    """React; what a reaction did before it failed is undone, and the others go on."""
    try:
        with session.begin_nested():
            reaction(session, Happened(row.id, row.happened_at, event(**row.data)))
    except Exception:  # noqa: BLE001 - whatever it is, it must not undo what the others did
        _log.exception("%s fails at event %s", reaction.__qualname__, row.id)
        return False
    return True


def _set_due(session: Session, event_ids: Sequence[int], moment: datetime | None) -> None:
    events = table_of(RecordedEvent)
    execute(session, update(events).where(events.c.id.in_(event_ids)).values(due_at=moment))


def _again(happened_at: datetime) -> datetime:
    """After as long again as the event is old."""
    now = clock.now()
    return now + min(max(now - happened_at, SOONEST_AGAIN), LATEST_AGAIN)


_INSERT = insert(table_of(RecordedEvent)).values(transaction_id=CurrentTransactionId()).inline()
_log = logging.getLogger(__name__)
