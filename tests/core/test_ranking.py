"""The formulas that rank votes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.ranking import controversy, hot, wilson_lower_bound

counts = st.integers(0, 2**63 - 1)


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [
        (0, 0, 0),
        (1, 0, 0.378448),
        (2, 0, 0.549092),
        (5, 0, 0.752743),
        (1, 1, 0.164252),
        (10, 1, 0.739495),
        (10, 10, 0.362262),
        (100, 10, 0.867689),
    ],
)
def test_best_is_the_lower_bound_of_the_wilson_interval(
    up: int, down: int, expected: float
) -> None:
    assert wilson_lower_bound(up, down) == pytest.approx(expected, abs=5e-7)


@given(counts, counts)
def test_best_is_a_share(up: int, down: int) -> None:
    assert 0 <= wilson_lower_bound(up, down) <= 1


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_best_rises_with_an_up_vote_and_does_not_rise_with_a_down_vote(up: int, down: int) -> None:
    assert wilson_lower_bound(up + 1, down) > wilson_lower_bound(up, down)
    assert wilson_lower_bound(up, down + 1) <= wilson_lower_bound(up, down)


@pytest.mark.parametrize(
    ("score", "epoch_seconds", "expected"),
    [
        (0, 1134028003, 0),
        (1, 1134028003, 0),
        (10, 1134028003, 1),
        (-10, 1134028003, -1),
        (1, 1134073003, 1),
    ],
)
def test_ten_times_the_score_is_as_hot_as_half_a_day(
    score: int, epoch_seconds: float, expected: float
) -> None:
    assert hot(score, epoch_seconds) == pytest.approx(expected)


@given(counts, counts, st.floats(0, 4e9))
def test_hot_is_finite(up: int, down: int, epoch_seconds: float) -> None:
    assert math.isfinite(hot(up - down, epoch_seconds))


@given(st.integers(-10_000, 10_000), st.integers(0, 2**32))
def test_hot_never_falls_with_score_and_always_rises_with_time(score: int, second: int) -> None:
    assert hot(score + 1, second) >= hot(score, second)
    assert hot(score, second + 1) > hot(score, second)


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [(10, 10, 20), (10, 1, 1.2710), (1, 10, 1.2710), (100, 99, 188.7403), (7, 0, 0), (0, 0, 0)],
)
def test_controversial_is_much_voted_and_evenly_divided(
    up: int, down: int, expected: float
) -> None:
    assert controversy(up, down) == pytest.approx(expected, abs=5e-5)


@given(counts, counts)
def test_controversy_is_finite_and_not_negative(up: int, down: int) -> None:
    assert 0 <= controversy(up, down) < math.inf


@given(counts, counts)
def test_controversy_does_not_ask_which_side_is_larger(up: int, down: int) -> None:
    assert controversy(up, down) == controversy(down, up)
