"""Databases for the tests: SQLite copied from a migrated file, PostgreSQL emptied between tests."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import Connection, NullPool, create_engine, delete, select, text

from forum.app import create_app
from forum.core.db import db
from forum.features import METADATA
from tests.mail_servers import everybodys
from tests.servers import postgres_database

KINDS = ("sqlite", "postgresql")
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what no database has a part in: `pytestmark = on_one_database`."""

TABLES = METADATA.sorted_tables
HAVE_ROWS = select(*(select(table).exists().label(table.name) for table in TABLES))
BEGIN_IDS_ANEW = text("""
    SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
""")


def settings_for(database_url: str, **more: object) -> dict[str, object]:
    """Settings of an app under test; `more` adds to them by environment name."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": "",
        "FORUM_SMTP_URL": everybodys()[0],
        "FORUM_SECRET_KEY": "a key that signs nothing outside these tests",
        "FORUM_RATELIMIT_ENABLED": "false",
        "FORUM_LOG_LEVEL": "WARNING",
        "FORUM_TESTING": "true",
        **more,
    }


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "forum.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_of_worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test of this worker finds its SQLite file."""
    return tmp_path_factory.mktemp("sqlite") / "forum.db"


@pytest.fixture(scope="session")
def postgresql_of_worker(postgres_url: str, worker_id: str) -> Iterator[str]:
    """The address of a migrated PostgreSQL database that only this worker uses."""
    with postgres_database(postgres_url, f"crossroads_{worker_id}_{os.getpid()}") as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def emptier(postgresql_of_worker: str) -> Iterator[Connection]:
    """What the PostgreSQL database is emptied through."""
    engine = create_engine(postgresql_of_worker, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '10s'"))
        yield connection


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database without rows: the test runs once on each kind."""
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("sqlite_of_worker")
        for old in path.parent.iterdir():  # a new file: who still holds the old one harms nobody
            old.unlink()
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgresql_of_worker")
    _empty(request.getfixturevalue("emptier"))
    return url


def _empty(connection: Connection) -> None:
    """A test fills few tables with few rows, so that truncating all would take longer than it."""
    have_rows = connection.execute(HAVE_ROWS).one()._mapping
    for table in reversed(TABLES):
        if have_rows[table.name]:
            connection.execute(delete(table))
    connection.execute(BEGIN_IDS_ANEW)


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables, for tests of the migrations: once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server_url: str = request.getfixturevalue("postgres_url")
    with postgres_database(server_url, f"crossroads_empty_{os.getpid()}") as url:
        yield url


def migrate(database_url: str) -> None:
    """Bring the database to the newest revision."""
    app = create_app(settings_for(database_url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
