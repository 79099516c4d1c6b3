"""SQLite as it is used here: durable commits beside readers, and writers who take turns.

One writer at a time holds the database. SQLite lets the others ask again after ever longer pauses,
so that some wait for long while others are served at once. Here those of one process queue, and
only the first of them asks the database, in short steps, for there may be other processes.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from forum.core.turns import Turns

LONGEST_WAIT_SECONDS = 15
KEPT_KIBIBYTES = 500
"""Of pages, by each connection for itself; whatever was read lately the system keeps for all."""
ASK_AGAIN_SECONDS = 0.0003
ASK_SELDOM_SECONDS = 0.005

_TURN = "turn"


class _Pace:
    """After how many seconds this process asks for the database again."""

    seconds = ASK_AGAIN_SECONDS


def give_way() -> None:
    """Ask for the database so seldom from now on that processes which ask more often come first."""
    _Pace.seconds = ASK_SELDOM_SECONDS


def set_up(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Make connections durable, and transactions that begin while `is_writing()` take turns."""
    turns = Turns()

    def begin(dbapi_connection: PoolProxiedConnection) -> None:
        driver: Any = dbapi_connection.dbapi_connection
        if not is_writing():
            driver.execute("BEGIN")
            return
        if _TURN not in dbapi_connection.info and not turns.take(LONGEST_WAIT_SECONDS):
            raise WaitedTooLong("Other writers took too long.")
        dbapi_connection.info[_TURN] = True
        _begin_writing(driver)

    def end(_connection: Any, entry: ConnectionPoolEntry) -> None:
        if entry.info.pop(_TURN, False):
            turns.give()

    event.listen(engine, "connect", _prepare)
    engine.dialect.do_begin = begin  # type: ignore[method-assign]  # an event slows statements
    event.listen(engine, "checkin", end)


def _prepare(connection: Any, _entry: object) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{KEPT_KIBIBYTES}")


def _begin_writing(connection: Any) -> None:
    """BEGIN IMMEDIATE, asked for again and again."""
    give_up_at = time.monotonic() + LONGEST_WAIT_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _began(connection):
            if time.monotonic() > give_up_at:
                raise WaitedTooLong("Another process wrote for too long.")
            time.sleep(_Pace.seconds)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {LONGEST_WAIT_SECONDS * 1000}")


def _began(connection: Any) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # without what extends the code
            raise
        return False
    return True
