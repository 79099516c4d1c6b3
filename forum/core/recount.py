"""Comparing stored numbers with what they count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, inspect, update
from sqlalchemy.orm import Session

from forum.core.db import Model
from forum.core.outbox import Event


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the rows say."""

    table: type[Model]
    key: Mapping[str, Any]
    column: str
    stored: Any
    counted: Any

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        what = f"{self.table.__tablename__} ({key}) {self.column}"
        return f"{what}: stored {_plain(self.stored)}, counted {_plain(self.counted)}"


@dataclass(frozen=True)
class Recounted(Event):
    """Stored numbers were repaired, anywhere."""

    differences: int


def compare(table: type[Model], row: Any, counted: Mapping[str, Any]) -> Iterator[Difference]:
    """The columns of `row`, which holds the key as well, that differ from `counted`."""
    for column, value in counted.items():
        stored = getattr(row, column)
        if stored != value:
            key = {str(c.key): getattr(row, str(c.key)) for c in inspect(table).primary_key}
            yield Difference(table, key, column, stored, value)


def repair(session: Session, difference: Difference) -> None:
    """Store what was counted, in a new row where there is none."""
    table: Any = difference.table.__table__
    counted = {difference.column: difference.counted}
    at_key = (table.c[name] == value for name, value in difference.key.items())
    connection = session.connection()
    if connection.execute(update(table).where(*at_key).values(counted)).rowcount == 0:
        connection.execute(insert(table).values({**difference.key, **counted}))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
