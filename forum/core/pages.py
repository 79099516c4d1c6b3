"""Keyset pages: an ordering that ends in a unique column, and the rows after a position in it.

All columns of an ordering go the same way, so that an index serves it in both directions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.core.db import Timestamp

Position = list[Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, and the position after the last one if there are more."""

    items: Sequence[T]
    next: Position | None


@dataclass(frozen=True)
class Order:
    """An ordering by `columns`, the last of which is unique."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    descending: bool = True

    def clauses(self) -> list[ColumnElement[Any]]:
        """For `order_by`."""
        return [c.desc() if self.descending else c.asc() for c in self.columns]

    def position(self, row: Row[Any]) -> Position:
        """Where `row`, which holds the columns under their names, stands in the ordering."""
        return [_plain(getattr(row, c.key)) for c in self.columns]

    def after(self, position: Position) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """What comes after `position`: first what ties with it, then what is beyond all ties.

        Two conditions rather than one comparison of rows, because SQLite cannot seek inside ties
        by a primary key that is its row id, and a thread without votes consists of ties.
        """
        values = [_typed(c, v) for c, v in zip(self.columns, position, strict=True)]
        *leading, unique = self.columns
        here, there = tuple_(*leading), tuple_(*values[:-1])
        ties = and_(*(c == v for c, v in zip(leading, values, strict=False)))
        if self.descending:
            return and_(ties, unique < values[-1]), here < there
        return and_(ties, unique > values[-1]), here > there


def fetch(
    session: Session, query: Select[Any], order: Order, after: Position | None, limit: int
) -> Page[Row[Any]]:
    """The first `limit` rows of `query` after a position."""
    return cut(first(session, query, order, after, limit + 1), limit, order.position)


def first(
    session: Session, query: Select[Any], order: Order, after: Position | None, count: int
) -> list[Row[Any]]:
    """At most `count` rows of `query` after a position, in order."""
    query = query.order_by(*order.clauses())
    if after is None:
        return list(session.execute(query.limit(count)))
    ties, beyond = order.after(after)
    rows = list(session.execute(query.where(ties).limit(count)))
    if len(rows) < count:
        rows += session.execute(query.where(beyond).limit(count - len(rows)))
    return rows


def cut(rows: Sequence[T], limit: int, position: Callable[[T], Position]) -> Page[T]:
    """A page of at most `limit` of `rows`, of which one more was fetched to know the end."""
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], position(rows[limit - 1]))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(column: InstrumentedAttribute[Any], value: Any) -> ColumnElement[Any]:
    """`value` of a position as the database compares it with the column."""
    is_time = isinstance(column.type, Timestamp)
    return literal(datetime.fromisoformat(value) if is_time else value, column.type)
