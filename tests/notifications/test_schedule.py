"""When digests are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.notifications.schedule import PERIODS, is_digest_due, last_digest, next_mail

MOMENTS = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CADENCES = st.sampled_from([*PERIODS])


@pytest.mark.parametrize(
    ("cadence", "moment", "last"),
    [
        ("daily", "2026-11-30T07:00:00+00:00", "2026-11-30T07:00:00+00:00"),
        ("daily", "2026-11-30T06:59:59+00:00", "2026-11-29T07:00:00+00:00"),
        ("weekly", "2026-11-30T07:00:00+00:00", "2026-11-30T07:00:00+00:00"),
        ("weekly", "2026-11-30T06:59:59+00:00", "2026-11-23T07:00:00+00:00"),
        ("weekly", "2026-12-06T23:00:00+00:00", "2026-11-30T07:00:00+00:00"),
    ],
)
def test_digests_come_at_seven(cadence: str, moment: str, last: str) -> None:
    found = last_digest(cadence, datetime.fromisoformat(moment))
    assert found == datetime.fromisoformat(last)


@given(CADENCES, MOMENTS)
def test_a_moment_lies_between_two_digests(cadence: str, moment: datetime) -> None:
    assert last_digest(cadence, moment) <= moment < next_mail(cadence, moment)


@given(CADENCES, MOMENTS)
def test_what_happens_is_told_by_the_next_digest_and_not_before(
    cadence: str, moment: datetime
) -> None:
    due_at = next_mail(cadence, moment)
    assert not is_digest_due(cadence, moment, None, due_at - timedelta(microseconds=1))
    assert is_digest_due(cadence, moment, None, due_at)


@given(CADENCES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)))
def test_there_is_one_digest_for_each_time(
    cadence: str, moment: datetime, later: timedelta
) -> None:
    now = moment + later
    made_at = last_digest(cadence, now)
    assert not is_digest_due(cadence, moment, made_at, now)


@given(MOMENTS)
def test_mail_at_once_waits_for_nothing(moment: datetime) -> None:
    assert next_mail("now", moment) == moment
