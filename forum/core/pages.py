"""Keyset pages: an ordering that ends in a unique column, and the rows after a position in it.

All columns of an ordering go the same way, so that an index serves it in both directions.
Statements are built once and kept, for building one costs more than executing it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Executable, Row, Select, and_, bindparam, tuple_
from sqlalchemy.orm import Session

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

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = True

    def clauses(self, columns: Sequence[ColumnElement[Any]] = ()) -> list[ColumnElement[Any]]:
        """For `order_by`; by other columns if they are given."""
        return [c.desc() if self.descending else c.asc() for c in columns or self.columns]

    def position(self, row: Row[Any]) -> Position:
        """Where `row`, which holds the columns under their names, stands in the ordering."""
        return [_plain(getattr(row, str(c.key))) for c in self.columns]

    def after(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """What comes after the position that `values` binds: its ties, then what is beyond them.

        Two conditions rather than one comparison of rows, because SQLite cannot seek inside ties
        by a primary key that is its row id, and a thread without votes consists of ties.
        """
        bound = [bindparam(_parameter(i), type_=c.type) for i, c in enumerate(self.columns)]
        *leading, unique = self.columns
        here, there = tuple_(*leading), tuple_(*bound[:-1])
        ties = and_(*(c == v for c, v in zip(leading, bound, strict=False)))
        if self.descending:
            return and_(ties, unique < bound[-1]), here < there
        return and_(ties, unique > bound[-1]), here > there

    def values(self, position: Position) -> dict[str, Any]:
        """What `after` binds."""
        return {
            _parameter(i): datetime.fromisoformat(v) if isinstance(c.type, Timestamp) else v
            for i, (c, v) in enumerate(zip(self.columns, position, strict=True))
        }


class Keyset:
    """A list in an order, read page by page; its query may leave parameters to be bound.

    `later` is the query for pages after the first, where another one is better served.
    """

    def __init__(self, query: Select[Any], order: Order, later: Select[Any] | None = None) -> None:
        self._order = order
        ties, beyond = order.after()
        rest = query if later is None else later
        self._start, self._ties, self._beyond = (
            q.order_by(*order.clauses()).limit(bindparam("page_size"))
            for q in (query, rest.where(ties), rest.where(beyond))
        )

    def page(
        self, session: Session, after: Position | None, limit: int, **values: Any
    ) -> Page[Row[Any]]:
        """The first `limit` rows after a position."""
        return cut(self.first(session, after, limit + 1, **values), limit, self._order.position)

    def first(
        self, session: Session, after: Position | None, count: int, **values: Any
    ) -> list[Row[Any]]:
        """At most `count` rows after a position, in order."""
        if after is None:
            return rows(session, self._start, page_size=count, **values)
        values |= self._order.values(after)
        found = rows(session, self._ties, page_size=count, **values)
        if len(found) < count:
            found += rows(session, self._beyond, page_size=count - len(found), **values)
        return found


def rows(session: Session, statement: Executable, **values: Any) -> list[Row[Any]]:
    """All rows of a statement without entities, past the session's machinery for those."""
    return list(session.connection().execute(statement, values))


def cut(found: Sequence[T], limit: int, position: Callable[[T], Position]) -> Page[T]:
    """A page of at most `limit` of `found`, of which one more was fetched to know the end."""
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], position(found[limit - 1]))


def _parameter(number: int) -> str:
    return f"position_{number}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
