"""PostgreSQL as it is used here: transactions for those who write, and connections that live.

In READ COMMITTED each statement sees what is committed, so that who only reads needs no BEGIN, and
two ways to the server and back fewer. The driver leaves transactions to us (`AUTOCOMMIT`).
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

TRUSTED_SECONDS = 1.0
"""For so long after its last use a connection is not tried: that costs as much as a short query."""

_USED_AT = "used at"


def set_up(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Begin transactions that begin while `is_writing()`, and replace connections that were lost.

    With the first that was lost while nobody used it, the pool gives up all.
    """

    def begin(dbapi_connection: PoolProxiedConnection) -> None:
        driver: Any = dbapi_connection.dbapi_connection
        if is_writing() and driver.autocommit:
            driver.execute("BEGIN")

    def try_when_idle(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if monotonic() - entry.info[_USED_AT] < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError("The connection was lost.") from error

    engine.dialect.do_begin = begin  # type: ignore[method-assign]  # an event slows statements
    event.listen(engine, "connect", _note_use)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", try_when_idle)


def _note_use(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = monotonic()
