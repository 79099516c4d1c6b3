"""Pieces of SQL that the two databases spell in different ways."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Computed,
    Dialect,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from forum.core.db import Timestamp


class Derived(Computed):
    """A column that the database derives from others, of a table that was there before it.

    It is stored, but not on SQLite, which adds no such column to a table.
    """

    def __init__(self, expression: ColumnElement[Any]) -> None:
        super().__init__(expression, persisted=True)


@compiles(Derived, "sqlite")
def _derived_when_read(derived: Derived, compiler: Any, **_: Any) -> str:
    expression = compiler.sql_compiler.process(derived.sqltext, literal_binds=True)
    return f"GENERATED ALWAYS AS ({expression}) VIRTUAL"


def joined(first: ColumnElement[bytes], second: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """Bytes after bytes: of which SQLite would make text."""
    return cast(first.op("||")(second), LargeBinary)


class _Ids(TypeDecorator[Sequence[int]]):
    """Ids in one value."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        on_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String() if on_sqlite else ARRAY(BigInteger()))

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return orjson.dumps(value).decode() if dialect.name == "sqlite" else value


class Among(FunctionElement[Any]):
    """Whether a column is one of the ids in the list that is bound by a name.

    However many they are, it is one statement, and nothing of it is written anew.
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Ids()))


@compiles(Among, "sqlite")
def _among_in_json(element: Among, compiler: Any, **options: Any) -> str:
    column, ids = element.clauses
    each = func.json_each(ids).table_valued("value")
    return str(compiler.process(column.in_(select(each.c.value)), **options))


@compiles(Among, "postgresql")
def _among_in_array(element: Among, compiler: Any, **options: Any) -> str:
    column, ids = element.clauses
    return str(compiler.process(column == any_(ids), **options))


class CurrentTransactionId(FunctionElement[int]):
    """The id of the writing transaction on PostgreSQL; NULL on SQLite, which has one at a time."""

    type = BigInteger()
    inherit_cache = True


@compiles(CurrentTransactionId)
def _no_transaction_id(_element: Any, _compiler: Any, **_: Any) -> str:
    return "NULL"


@compiles(CurrentTransactionId, "postgresql")
def _postgresql_transaction_id(_element: Any, _compiler: Any, **_: Any) -> str:
    return "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"


class NextId(FunctionElement[int]):
    """An id for a row that must know it before it is inserted; unused ids leave gaps.

    Needs a transaction that writes: on SQLite its lock is what keeps the id unique.
    """

    type = BigInteger()
    inherit_cache = True

    def __init__(self, table: Table) -> None:
        highest = select(func.coalesce(func.max(table.c.id), 0) + 1)
        super().__init__(highest.scalar_subquery())
        self.sequence = f"pg_get_serial_sequence('{table.name}', 'id')"


@compiles(NextId, "sqlite")
def _one_above_the_highest(element: NextId, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(NextId, "postgresql")
def _next_of_sequence(element: NextId, _compiler: Any, **_: Any) -> str:
    return f"nextval({element.sequence})"


class DatabaseTime(FunctionElement[datetime]):
    """The time by the clock of the database, which is one for all who use it, and some seconds on.

    Each statement asks anew, and again for a row that it had to wait for.
    """

    type = Timestamp()
    inherit_cache = True

    def __init__(self, seconds_on: int = 0) -> None:
        super().__init__(literal(seconds_on))


@compiles(DatabaseTime, "sqlite")
def _time_as_text(element: DatabaseTime, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {seconds} || ' seconds')"


@compiles(DatabaseTime, "postgresql")
def _time_of_server(element: DatabaseTime, compiler: Any, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"
