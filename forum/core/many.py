"""Statements about many rows: ids that travel as one value, and changes row by row in one go."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    any_,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.core.db import Model, is_sqlite, table_of


def among(
    session: Session, column: InstrumentedAttribute[int], ids: Collection[int]
) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`: more than a statement has room for, if need be."""
    if is_sqlite(session.connection()):
        each = func.json_each(orjson.dumps(list(ids)).decode()).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def add(session: Session, counted: type[Model], changes: Mapping[int, Mapping[str, int]]) -> None:
    """Add to the same numbers of many rows, by id and column, in the order of ids."""
    table = table_of(counted)
    names = next(iter(changes.values()), {})
    more = {name: table.c[name] + bindparam(f"more_{name}") for name in names}
    rows = [
        {"of_row": row_id, **{f"more_{name}": changes[row_id][name] for name in names}}
        for row_id in sorted(changes)
    ]
    if rows:
        change = update(table).where(table.c.id == bindparam("of_row")).values(more)
        session.connection().execute(change, rows)


def put(session: Session, changed: type[Model], column: str, values: Mapping[int, Any]) -> None:
    """Store a value in each of some rows, by id, in the order of ids."""
    table = table_of(changed)
    rows = [{"of_row": row_id, "new": values[row_id]} for row_id in sorted(values)]
    if rows:
        change = update(table).where(table.c.id == bindparam("of_row"))
        session.connection().execute(change.values({column: bindparam("new")}), rows)
