"""Events: what happened, written in the transaction that did it.

A feature declares its events as frozen dataclasses derived from `Event`, named in the past tense
and holding ids and plain values. The row is the guarantee: whoever is told about an event later
starts from the row, so nothing is lost by a crash and nobody hears of what was rolled back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.db import CurrentTransactionId, Identifier, Model, execute, table_of


@dataclass(frozen=True)
class Event:
    """Base of all events."""

    def topic(self) -> str | None:
        """What it is about, where that is one thing; None if it may concern everything."""
        return None


class RecordedEvent(Model):
    """One row per event; `transaction_id` tells on PostgreSQL which snapshots see it."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    transaction_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    name: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_at: Mapped[datetime] = mapped_column(index=True)


def record(session: Session, event: Event) -> None:
    """Write `event` with the transaction of `session`."""
    row = {
        "name": type(event).__name__,
        "topic": event.topic(),
        "data": vars(event),
        "happened_at": clock.now(),
    }
    execute(session, _INSERT, row)


def latest(session: Session) -> datetime | None:
    """When something last happened; None if nothing ever did."""
    return session.scalar(select(func.max(RecordedEvent.happened_at)))


_INSERT = insert(table_of(RecordedEvent)).values(transaction_id=CurrentTransactionId()).inline()
