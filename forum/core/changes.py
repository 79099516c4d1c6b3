"""What has changed in the database since it was last asked, by the log of events.

Both databases tell cheaply whether anything at all was committed since: SQLite by
`PRAGMA data_version`, PostgreSQL by the current snapshot. Only then are the new events read, so
that what was kept about a topic stays good until that topic changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Protocol
from weakref import finalize, ref

from sqlalchemy import Engine, Pool

from forum.core.db import is_sqlite

MOST_TOPICS = 10_000
ASK_AGAIN_AFTER = 2.0
"""Seconds in which a database that did not answer is left alone."""
ANSWER_WITHIN = 5.0
"""Seconds after which nobody waits any longer for the one who asks."""


class ChangesUnknown(Exception):
    """The database does not tell what has changed."""


class _Source(Protocol):
    """How a database tells of new events: their topics, in no order, each once."""

    def new_topics(self) -> list[str | None]: ...

    def close(self) -> None: ...


@dataclass
class Changes:
    """Counts the changes of every topic that this process has seen.

    A moment is a number: what was computed after `moment = now()` is still good while
    `is_unchanged(topic, moment)`.
    """

    engine: Engine
    moment: int = 0
    """The last that was noticed: what begins to be computed now sees all that was up to then."""

    _source: _Source | None = None
    _pool: Callable[[], Pool | None] = lambda: None
    """The pool that the source's connection was taken from, which ends when the engine does."""
    _everything: int = 0
    _by_topic: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _ask_again_at: float = 0.0

    def now(self) -> int:
        """Take notice of everything that is committed; gives the present moment.

        Raises `ChangesUnknown`, and for a while at once: where a connection is only refused after
        seconds, callers must not wait for it one after the other.
        """
        if not self._lock.acquire(timeout=ANSWER_WITHIN):
            raise ChangesUnknown
        try:
            for topic in self._new_topics():
                self._notice(topic)
            return self.moment
        finally:
            self._lock.release()

    def is_unchanged(self, topic: str | None, since: int) -> bool:
        """Whether nothing about `topic` (None: nothing at all) has changed after a moment."""
        if topic is None:
            return self.moment <= since
        return max(self._by_topic.get(topic, 0), self._everything) <= since

    def close(self) -> None:
        """Let go of the connection; asked again, everything counts as changed."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def _notice(self, topic: str | None) -> None:
        self.moment += 1
        if topic is None or len(self._by_topic) >= MOST_TOPICS:
            self._everything = self.moment
            self._by_topic.clear()
        else:
            self._by_topic |= dict.fromkeys(topic.split("/"), self.moment)

    def _new_topics(self) -> list[str | None]:
        if monotonic() < self._ask_again_at:
            raise ChangesUnknown
        try:
            return self._ask()
        except Exception as error:
            self.close()
            self._ask_again_at = monotonic() + ASK_AGAIN_AFTER
            raise ChangesUnknown from error

    def _ask(self) -> list[str | None]:
        if self._source is not None and self._pool() is self.engine.pool:
            return self._source.new_topics()
        self.close()
        self._source, self._pool = _open(self.engine), ref(self.engine.pool)
        return [None]


def _open(engine: Engine) -> _Source:
    """A source with a connection of its own, which is closed with the pool it was taken from."""
    pooled = engine.raw_connection()
    pooled.detach()
    connection: Any = pooled.dbapi_connection
    finalize(engine.pool, connection.close)
    make: Callable[[Any], _Source] = _Sqlite if is_sqlite(engine) else _Postgresql
    return make(connection)


class _Sqlite:
    """One writer at a time: ids of events are in the order of their commits."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._version = self._read_version()
        self._last_id = connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0]

    def new_topics(self) -> list[str | None]:
        version = self._read_version()
        if version == self._version:
            return []
        rows = self._connection.execute(
            "SELECT id, topic FROM events WHERE id > ? ORDER BY id", (self._last_id,)
        ).fetchall()
        self._version = version
        if rows:
            self._last_id = rows[-1][0]
        return [topic for _, topic in rows]

    def close(self) -> None:
        self._connection.close()

    def _read_version(self) -> int:
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version


class _Postgresql:
    """Transactions commit in any order: new is what the last snapshot did not see.

    Events restored from another server may bear numbers that are still to come here.
    """

    def __init__(self, connection: Any) -> None:
        connection.autocommit = True
        self._connection = connection
        self._snapshot = self._read_snapshot()

    def new_topics(self) -> list[str | None]:
        snapshot = self._read_snapshot()
        if snapshot == self._snapshot:
            return []
        rows = self._connection.execute(
            "SELECT pg_current_snapshot()::text, transaction_id, topic"
            " FROM (VALUES (0)) AS always LEFT JOIN events ON transaction_id >= %s"
            " AND transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
            (_first_unseen(self._snapshot),),
        ).fetchall()
        before, self._snapshot = self._snapshot, rows[0][0]
        return [
            topic
            for _, transaction, topic in rows
            if transaction and not _sees(before, transaction)
        ]

    def close(self) -> None:
        self._connection.close()

    def _read_snapshot(self) -> str:
        snapshot: str = self._connection.execute("SELECT pg_current_snapshot()::text").fetchone()[0]
        return snapshot


def _first_unseen(snapshot: str) -> int:
    return int(snapshot.partition(":")[0])


def _sees(snapshot: str, transaction: int) -> bool:
    """Whether a snapshot, written as PostgreSQL does (xmin:xmax:in progress), sees it."""
    first, end, in_progress = snapshot.split(":")
    if transaction < int(first):
        return True
    return transaction < int(end) and str(transaction) not in in_progress.split(",")
