"""Waiting for what other processes and threads do, no longer than needed."""

import time
from collections.abc import Callable

LONGEST_SECONDS = 30
PAUSE_SECONDS = 0.02


def wait_until(is_so: Callable[[], object]) -> None:
    """Return as soon as it is so; fail if it never is."""
    give_up_at = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at, "It never came to be."
        time.sleep(PAUSE_SECONDS)
