"""The clock of the tests, which is the only thing that a test may replace."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.core import clock

LetPass = Callable[..., None]


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> LetPass:
    """Moves the application's clock on: `let_pass(hours=25)`."""
    true_now = clock.now
    ahead = timedelta()

    def let_pass(**duration: float) -> None:
        nonlocal ahead
        ahead += timedelta(**duration)
        monkeypatch.setattr(clock, "now", lambda: true_now() + ahead)

    return let_pass
