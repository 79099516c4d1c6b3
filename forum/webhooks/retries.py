"""When a message that was not taken is sent again, and when an address is given up."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import uniform

DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""After the first attempt, the second, and so on; after the last there is none."""
JITTER = 0.1
LONGEST_WISH = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=5)


def next_attempt(
    now: datetime, attempts: int, headers: Mapping[str, str] | None = None
) -> datetime | None:
    """When to try again after so many attempts; never sooner than the receiver wishes."""
    if attempts > len(DELAYS):
        return None
    delay = DELAYS[attempts - 1] * uniform(1, 1 + JITTER)  # noqa: S311 - spreads load
    wish = _wish(now, (headers or {}).get("retry-after", ""))
    return now + max(delay, min(wish, LONGEST_WISH))


def _wish(now: datetime, retry_after: str) -> timedelta:
    """What Retry-After says (RFC 9110, 10.2.3): seconds, or a date."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10:
        return timedelta(seconds=int(retry_after))
    try:
        named = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return timedelta()
    return named.replace(tzinfo=named.tzinfo or UTC) - now
