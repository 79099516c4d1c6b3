"""The one place that asks what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Write as if it were `moment`: for what is loaded with the time at which it happened."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
