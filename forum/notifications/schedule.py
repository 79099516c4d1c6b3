"""When somebody is mailed: at once, or in a digest at seven (UTC), on Mondays or every day."""

from datetime import datetime, timedelta

from forum.notifications.models import DAILY, NOW, WEEKLY

HOUR = 7
PERIODS = {DAILY: timedelta(days=1), WEEKLY: timedelta(weeks=1)}


def last_digest(cadence: str, moment: datetime) -> datetime:
    """The latest time for digests of a cadence that is not after `moment`."""
    shifted = moment - timedelta(hours=HOUR)
    days = shifted.weekday() if cadence == WEEKLY else 0
    midnight = shifted.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days) + timedelta(hours=HOUR)


def next_mail(cadence: str, moment: datetime) -> datetime:
    """When what happens at `moment` is mailed."""
    return moment if cadence == NOW else last_digest(cadence, moment) + PERIODS[cadence]


def is_digest_due(
    cadence: str, since: datetime, digested_at: datetime | None, now: datetime
) -> bool:
    """Whether a digest tells by now what happened at `since`.

    The last digest was made at `digested_at`; there is one for each time.
    """
    last = last_digest(cadence, now)
    return since < last and (digested_at is None or digested_at < last)
