"""Keyset pages: an ordering that ends in a unique column, and the rows after a position in it.

All columns of an ordering go the same way, so that an index serves it in both directions.
Statements are built once and kept, for building one costs more than executing it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Executable, Select, and_, bindparam, tuple_
from sqlalchemy.orm import Session

from forum.core.db import Timestamp, connection_of, execute, is_sqlite

Position = list[Any]


class Record(Protocol):
    """A row that was read, with its columns as attributes."""

    def __getattr__(self, name: str) -> Any: ...


T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, and the position after the last one if there are more."""

    items: Sequence[T]
    next: Position | None


@dataclass(frozen=True)
class Within:
    """A column that has one value in a whole list; the list's index begins with it."""

    column: ColumnElement[Any]
    value: Any

    def narrow(self, query: Select[Any], order: "Order") -> Select[Any]:
        """`query` where the column has the value, to be ordered further by `order`.

        As a range, and named by the ordering: told of equality PostgreSQL drops the column from the
        ordering, may take another index in that order, and search all of it for the value.
        """
        same = self.column.between(self.value, self.value)
        return query.where(same).order_by(*order.clauses([self.column]))


@dataclass(frozen=True)
class Order:
    """An ordering by `columns`, the last of which is unique."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool = True

    def clauses(self, columns: Sequence[ColumnElement[Any]] = ()) -> list[ColumnElement[Any]]:
        """For `order_by`; by other columns if they are given."""
        return [c.desc() if self.descending else c.asc() for c in columns or self.columns]

    def position(self, row: Record) -> Position:
        """Where `row`, which holds the columns under their names, stands in the ordering."""
        return [_plain(getattr(row, str(c.key))) for c in self.columns]

    def after(self, within: Within | None = None) -> ColumnElement[bool]:
        """What comes after the position that `values` binds."""
        columns, values = list(self.columns), self._bound()
        if within is not None:
            columns.insert(0, within.column)
            values.insert(0, within.value)
        here, there = tuple_(*columns), tuple_(*values)
        return here < there if self.descending else here > there

    def steps(self) -> Iterator[ColumnElement[bool]]:
        """The same in parts, which follow each other: what ties in ever fewer columns."""
        pairs = list(zip(self.columns, self._bound(), strict=True))
        while pairs:
            column, value = pairs.pop()
            ties = (c == v for c, v in pairs)
            yield and_(*ties, column < value if self.descending else column > value)

    def _bound(self) -> list[ColumnElement[Any]]:
        return [bindparam(_parameter(i), type_=c.type) for i, c in enumerate(self.columns)]

    def values(self, position: Position) -> dict[str, Any]:
        """What `after` and `steps` bind."""
        return {
            _parameter(i): datetime.fromisoformat(v) if isinstance(c.type, Timestamp) else v
            for i, (c, v) in enumerate(zip(self.columns, position, strict=True))
        }


class Keyset:
    """A list in an order, read page by page; its query may leave parameters to be bound.

    Statements are built when they are first needed. What `then` adds to one is found out for the
    rows of the page alone, which come in any order then.

    PostgreSQL goes on by comparing rows: told of ties, it would take the index of the primary key
    and search it for them. SQLite goes on step by step, for it seeks only by equality.
    """

    def __init__(
        self,
        query: Select[Any],
        order: Order,
        within: Within | None = None,
        then: Callable[[Select[Any]], Select[Any]] = lambda found: found,
    ) -> None:
        self.query, self._order, self._within, self._then = query, order, within, then

    @cached_property
    def start(self) -> Select[Any]:
        """The statement of the first rows, of which it takes `page_size`."""
        return self._limited(self._ranged)

    @cached_property
    def _after(self) -> Select[Any]:
        return self._limited(self._ranged.where(self._order.after(self._within)))

    @cached_property
    def _steps(self) -> list[Select[Any]]:
        within = self._within
        equal = self.query.where(within.column == within.value) if within else self.query
        return [self._limited(equal.where(step)) for step in self._order.steps()]

    @property
    def _ranged(self) -> Select[Any]:
        return self._within.narrow(self.query, self._order) if self._within else self.query

    def page(
        self, session: Session, after: Position | None, limit: int, **values: Any
    ) -> Page[Record]:
        """The first `limit` rows after a position."""
        return cut(self.first(session, after, limit + 1, **values), limit, self._order.position)

    def first(
        self, session: Session, after: Position | None, count: int, **values: Any
    ) -> list[Record]:
        """At most `count` rows after a position, in order."""
        if after is None:
            return rows(session, self.start, page_size=count, **values)
        values |= self._order.values(after)
        if not is_sqlite(connection_of(session)):
            return rows(session, self._after, page_size=count, **values)
        found: list[Record] = []
        for step in self._steps:
            if len(found) < count:
                found += rows(session, step, page_size=count - len(found), **values)
        return found

    def _limited(self, query: Select[Any]) -> Select[Any]:
        return self._then(query.order_by(*self._order.clauses()).limit(bindparam("page_size")))


def rows(session: Session, statement: Executable, **values: Any) -> list[Record]:
    """All rows of a statement without entities, past the session's machinery for those.

    As named tuples, whose attributes cost a fifth of those of SQLAlchemy's rows.
    """
    result = execute(session, statement, values)
    return list(map(_record(tuple(result.keys()))._make, result.all()))


@cache
def _record(columns: tuple[str, ...]) -> Any:
    return namedtuple("Record", columns)


def cut(found: Sequence[T], limit: int, position: Callable[[T], Position]) -> Page[T]:
    """A page of at most `limit` of `found`, of which one more was fetched to know the end."""
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], position(found[limit - 1]))


def _parameter(number: int) -> str:
    return f"position_{number}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
