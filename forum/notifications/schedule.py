"""When digests are due: every day at seven in the morning (UTC), or on Mondays."""

from datetime import datetime, timedelta

from forum.notifications.models import DAILY, WEEKLY

HOUR = 7
PERIODS = {DAILY: timedelta(days=1), WEEKLY: timedelta(weeks=1)}


def last_digest(cadence: str, moment: datetime) -> datetime:
    """The latest time for digests of a cadence that is not after `moment`."""
    shifted = moment - timedelta(hours=HOUR)
    days = shifted.weekday() if cadence == WEEKLY else 0
    midnight = shifted.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days) + timedelta(hours=HOUR)


def next_digest(cadence: str, moment: datetime) -> datetime:
    """The first time for digests of a cadence that is after `moment`."""
    return last_digest(cadence, moment) + PERIODS[cadence]
