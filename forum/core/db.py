"""The database: one typed base class for tables, one session, and what the two dialects need.

What begins inside `writing()` may write. On SQLite it takes its turn (`forum.core.sqlite`); on
PostgreSQL what begins outside needs no transaction (`forum.core.postgresql`).

On PostgreSQL a row that is going to be changed is locked by `with_for_update(key_share=True)`, as
UPDATE itself does. A plain FOR UPDATE waits for all who have inserted a row that refers to it: two
who reply below one post, and then want to count themselves there, would wait for each other.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    Table,
    TypeDecorator,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry

from forum.core import postgresql, sqlite

PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 15_000}
"""Of libpq: seconds for a connection, milliseconds for a server's acknowledgement.

The query of a database's address comes first.
"""

Identifier = BigInteger().with_variant(Integer, "sqlite")
"""Integer primary keys: 64 bits on both databases."""


class Timestamp(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite stores it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _read_utc_text if dialect.name == "sqlite" else _read_aware


def _read_utc_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}Z")


def _read_aware(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: Timestamp()},
    )


def table_of(model: type[Model]) -> Table:
    """The table behind a class, for statements that need no entities."""
    return cast(Table, model.__table__)


class AppSession(FlaskSession):
    """A session that knows the settings of its application as `session.info["settings"]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.info["settings"] = current_app.extensions["settings"]


db = SQLAlchemy(
    model_class=Model,
    session_options={"class_": AppSession, "autoflush": False, "expire_on_commit": False},
)

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions that begin inside this block are going to write.

    Raises `RuntimeError` if what was read before is not over: it would go on without writing.
    """
    if not _writing.get() and db.session().in_transaction():
        raise RuntimeError("End what was read before writing.")
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading_first() -> Iterator[None]:
    """A read that is over before the write begins: what takes time in it holds no lock."""
    token = _writing.set(False)
    try:
        yield
        db.session.rollback()
    finally:
        _writing.reset(token)


@contextmanager
def reading_apart() -> Iterator[None]:
    """As `reading_first` where no transaction has begun; otherwise what is read is part of it."""
    if db.session().in_transaction():
        yield
    else:
        with reading_first():
            yield


def read_one_moment(session: Session) -> None:
    """All that this transaction reads is of one moment, as SQLite has it anyway; asked first."""
    if not is_sqlite(session.get_bind()):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def keep_writers_out(session: Session, *tables: type[Model]) -> None:
    """Nobody else locks rows of these tables until this transaction is over; asked first.

    They are named in the order in which writers lock them. On SQLite it is so for all tables.
    """
    if not is_sqlite(session.connection()):
        names = ", ".join(table.__tablename__ for table in tables)
        session.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def one_at_a_time(session: Session, name: str) -> None:
    """Nobody else does what is called `name` until this transaction is over, as SQLite has it."""
    if not is_sqlite(session.connection()):
        session.execute(select(func.pg_advisory_xact_lock(_lock_number(name))))


def is_first(session: Session, name: str) -> bool:
    """As `one_at_a_time`, but rather than wait for somebody who does it, says that there is one.

    On SQLite nobody asks, and no transaction begins.
    """
    if is_sqlite(session.get_bind()):
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_lock_number(name)))))


def engine_options(url: str, pool_size: int) -> dict[str, Any]:
    """Options of `create_engine` for the database at `url`."""
    options = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": 10,
        "pool_use_lifo": True,  # what was used last still has pages and statements at hand
        "hide_parameters": True,  # they hold addresses and hashes, and errors are logged
    }
    if url.startswith("sqlite"):
        return options
    asked = make_url(url).query
    patience = {name: value for name, value in PATIENCE.items() if name not in asked}
    return {**options, "isolation_level": "AUTOCOMMIT", "connect_args": patience}


def normalise_url(url: str) -> str:
    """Accept the `postgres://` and `postgresql://` spellings for the psycopg 3 driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def init_app(app: Flask) -> None:
    """Bind the session to the application's database and set up its connections."""
    db.init_app(app)
    with app.app_context():
        dialect = sqlite if is_sqlite(db.engine) else postgresql
        dialect.set_up(db.engine, _writing.get)


def may_pass(error: OperationalError) -> bool:
    """Whether it is the database's present state; SQLite calls a missing table operational, too."""
    return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def is_sqlite(bind: Engine | Connection) -> bool:
    """Whether this is SQLite, where one writer holds the database at a time."""
    return bind.dialect.name == "sqlite"


def execute(
    session: Session, statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Run a statement without entities, past the session's machinery for those."""
    return connection_of(session).execute(statement, values)


def connection_of(session: Session) -> Connection:
    """`session.connection()`, remembered while it is open: the session finds it again slowly.

    But in a savepoint: the session sets it where it is asked for the connection.
    """
    if session.in_nested_transaction():
        return session.connection()
    connection: Connection | None = session.info.get("connection")
    if connection is None or connection.closed:
        connection = session.info["connection"] = session.connection()
    return connection


def _lock_number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
