"""The least that a durable write is: one INSERT, one UPDATE and one COMMIT, by the driver."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import make_url

from forum.core.sqlite import LONGEST_WAIT_SECONDS

THREADS = 1000


@dataclass(frozen=True)
class Dialect:
    """How the two drivers differ."""

    connect: Callable[[str], Any]
    begin: str
    place: str
    identity: str


class BareWrites:
    """Writes to two tables of their own at `url`; keeps as many connections as callers at once."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._dialect = _SQLITE if url.startswith("sqlite") else _POSTGRESQL
        self._idle: list[Any] = []

    def create_tables(self) -> None:
        """The tables, with so many `THREADS` to write to."""
        connection = self._dialect.connect(self._url)
        connection.execute(
            "CREATE TABLE bare_threads (id INTEGER PRIMARY KEY, reply_count INTEGER)"
        )
        connection.execute(
            f"CREATE TABLE bare_replies (id {self._dialect.identity} PRIMARY KEY,"
            " thread_id INTEGER, body TEXT, created_at TEXT)"
        )
        for thread_id in range(1, THREADS + 1):
            connection.execute(f"INSERT INTO bare_threads VALUES ({thread_id}, 0)")
        connection.close()

    def write(self, thread_id: int, body: str) -> None:
        """Add a reply to a thread and count it."""
        connection = self._idle.pop() if self._idle else self._dialect.connect(self._url)
        place = self._dialect.place
        connection.execute(self._dialect.begin)
        connection.execute(
            "INSERT INTO bare_replies (thread_id, body, created_at)"
            f" VALUES ({place}, {place}, {place})",
            (thread_id, body, datetime.now(UTC).isoformat()),
        )
        connection.execute(
            f"UPDATE bare_threads SET reply_count = reply_count + 1 WHERE id = {place}",
            (thread_id,),
        )
        connection.execute("COMMIT")
        self._idle.append(connection)

    def close(self) -> None:
        """Let go of the connections."""
        while self._idle:
            self._idle.pop().close()

    def count(self) -> tuple[int, int]:
        """How many replies there are, and how many were counted."""
        connection = self._dialect.connect(self._url)
        inserted = connection.execute("SELECT count(*) FROM bare_replies").fetchone()[0]
        counted = connection.execute("SELECT sum(reply_count) FROM bare_threads").fetchone()[0]
        connection.close()
        return inserted, counted


def _connect_sqlite(url: str) -> sqlite3.Connection:
    path = make_url(url).database or ""
    connection = sqlite3.connect(
        path, timeout=LONGEST_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _connect_postgresql(url: str) -> Any:
    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)


_SQLITE = Dialect(_connect_sqlite, "BEGIN IMMEDIATE", "?", "INTEGER")
_POSTGRESQL = Dialect(_connect_postgresql, "BEGIN", "%s", "BIGINT GENERATED ALWAYS AS IDENTITY")
