"""Writing very many rows: `COPY` on PostgreSQL, `executemany` on SQLite, indexes afterwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import (
    Connection,
    Engine,
    ForeignKeyConstraint,
    Index,
    NullPool,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.schema import AddConstraint, DropConstraint

from forum.core.db import is_sqlite
from forum.features import METADATA


def bulk_engine(url: str) -> Engine:
    """Connections that trade durability for speed: what a crash breaks is loaded anew."""
    if not url.startswith("sqlite"):
        options = "-c synchronous_commit=off -c maintenance_work_mem=500MB"
        return create_engine(url, poolclass=NullPool, connect_args={"options": options})
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")

    return engine


@contextmanager
def indexes_afterwards(engine: Engine) -> Iterator[None]:
    """Build indexes, and check foreign keys on PostgreSQL, only after the block."""
    with engine.begin() as connection:
        for key in _foreign_keys(connection):
            connection.execute(DropConstraint(key))
        for index in _indexes():
            index.drop(connection)
    yield
    with click.progressbar(_indexes(), label="Building indexes") as indexes:
        for index in indexes:
            with engine.begin() as connection:
                index.create(connection)
    with engine.begin() as connection:
        for key in _foreign_keys(connection):
            # otherwise the tables, which others share, would no longer name the key
            connection.execute(AddConstraint(key, isolate_from_table=False))


def write(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as the application stores them, with its defaults for what they leave out."""
    columns = [column for column in table.columns if column.computed is None]
    names = ", ".join(column.name for column in columns)
    dialect = connection.dialect
    sources = [
        (
            column.key,
            getattr(column.default, "arg", None),
            column.type.dialect_impl(dialect).bind_processor(dialect) or _unchanged,
        )
        for column in columns
    ]
    values = (tuple(to(row.get(key, default)) for key, default, to in sources) for row in rows)
    if is_sqlite(connection):
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"
        connection.exec_driver_sql(statement, list(values))
    else:
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", values)


def continue_ids(connection: Connection) -> None:
    """Let PostgreSQL number on after the highest ids."""
    for table in _with_sequences(connection):
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
        connection.execute(text(f"SELECT setval({sequence}, {highest}, false)"))


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _unchanged(value: Any) -> Any:
    return value


def _indexes() -> list[Index]:
    return [
        index
        for table in METADATA.sorted_tables
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]


def _foreign_keys(connection: Connection) -> list[ForeignKeyConstraint]:
    """Those that can be dropped; SQLite has them off in connections that do not ask for them."""
    if is_sqlite(connection):
        return []
    return [key for table in METADATA.sorted_tables for key in table.foreign_key_constraints]


def _with_sequences(connection: Connection) -> list[Table]:
    if is_sqlite(connection):
        return []
    return [table for table in METADATA.sorted_tables if "id" in table.columns]
