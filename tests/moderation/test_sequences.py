"""Whatever is done and undone, in whatever order: numbers are right, and the log tells them."""

import random

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.undoing import Forum

STEPS = 30


@settings(
    max_examples=2,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_random_acts_and_undos_leave_what_the_log_tells(app: Flask, seed: int) -> None:
    forum = Forum(app, random.Random(seed))
    for _ in range(STEPS):
        forum.act()
    assert forum.faults() == []
