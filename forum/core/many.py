"""Statements about many rows: ids that travel as one value, values put row by row in one go.

And about rows that may be there already.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    any_,
    bindparam,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.core.db import Model, connection_of, execute, is_sqlite, table_of


def among(
    session: Session,
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    ids: Collection[int],
) -> ColumnElement[bool]:
    """Whether `column` is one of `ids`: more than a statement has room for, if need be."""
    if is_sqlite(connection_of(session)):
        each = func.json_each(orjson.dumps(list(ids)).decode()).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def put(session: Session, changed: type[Model], column: str, values: Mapping[int, Any]) -> None:
    """Store a value in each of some rows, by id, in the order of ids."""
    table = table_of(changed)
    rows = [{"of_row": row_id, "new": values[row_id]} for row_id in sorted(values)]
    if rows:
        change = update(table).where(table.c.id == bindparam("of_row"))
        connection_of(session).execute(change.values({column: bindparam("new")}), rows)


def insert_into(session: Session, into: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what becomes of rows which are there already."""
    return _insert_into(into, is_sqlite(connection_of(session)))


def insert_missing(session: Session, into: type[Model]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that passes over rows which are there already, by any of the table's keys."""
    return insert_into(session, into).on_conflict_do_nothing()


def add_missing(
    session: Session, into: type[Model], rows: Select[Any], values: Mapping[str, Any]
) -> int:
    """Insert what a query with bound `values` finds, but for rows which are there already.

    The columns are named as in the query, which is built once and kept. Gives how many were new.
    """
    statement = _missing_from(into, rows, is_sqlite(connection_of(session)))
    return execute(session, statement, values).rowcount


def store(session: Session, into: type[Model], row: Mapping[str, Any]) -> None:
    """Insert a row, or change the one with the same primary key to be it."""
    store_each(session, into, [row])


def store_each(session: Session, into: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows with the same columns, or change those with their primary keys to be them."""
    if rows:
        key = table_of(into).primary_key.columns.keys()
        insert = insert_into(session, into)
        changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
        statement = insert.on_conflict_do_update(index_elements=key, set_=changed)
        connection_of(session).execute(statement, rows)


@cache
def _missing_from(
    into: type[Model], rows: Select[Any], is_sqlite: bool
) -> sqlite.Insert | postgresql.Insert:
    insert = _insert_into(into, is_sqlite).from_select(rows.selected_columns.keys(), rows)
    return insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _insert_into(into: type[Model], is_sqlite: bool) -> sqlite.Insert | postgresql.Insert:
    table = table_of(into)
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)
