"""Numbers that are stored with a row: added to by SQL arithmetic, in statements built once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, case, update
from sqlalchemy.orm import Session

from forum.core.db import Model, connection_of, execute, table_of

Values = Mapping[str, Any]
"""What to store, by column: expressions of the row as it is."""
Also = Callable[[Values], Values]
"""What follows from numbers that are stored, and is stored with them."""


def _nothing(_numbers: Values) -> Values:
    return {}


def add(
    session: Session,
    counted: type[Model],
    row_id: int,
    changes: Mapping[str, int],
    latest: Mapping[str, datetime | None] | None = None,
    also: Also = _nothing,
) -> None:
    """Add `changes` to the numbers of a row, by column; the times in `latest` only advance."""
    numbers = {name: change for name, change in changes.items() if change}
    times = {name: at for name, at in (latest or {}).items() if at is not None}
    if numbers or times:
        statement = _addition(counted, tuple(numbers), tuple(times), also)
        values = {_more(name): value for name, value in {**numbers, **times}.items()}
        execute(session, statement, {"of_row": row_id, **values})


def add_to_each(
    session: Session,
    counted: type[Model],
    changes: Mapping[int, Mapping[str, int]],
    also: Also = _nothing,
) -> None:
    """Add to the same numbers of many rows, by id and column, in the order of ids."""
    rows = [
        {"of_row": row_id, **{_more(name): n for name, n in changes[row_id].items()}}
        for row_id in sorted(changes)
    ]
    if rows:
        names = tuple(next(iter(changes.values())))
        connection_of(session).execute(_addition(counted, names, (), also), rows)


@cache
def _addition(
    counted: type[Model], numbers: tuple[str, ...], times: tuple[str, ...], also: Also
) -> Update:
    column = table_of(counted).c
    values: dict[str, Any] = {n: column[n] + bindparam(_more(n)) for n in numbers}
    values |= also(values)
    for name in times:
        at = bindparam(_more(name), type_=column[name].type)
        values[name] = case((column[name] > at, column[name]), else_=at)
    return update(table_of(counted)).where(column.id == bindparam("of_row")).values(values)


def _more(name: str) -> str:
    return f"more_{name}"
