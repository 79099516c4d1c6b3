"""What work costs beside other work: never in seconds, for machines differ and have bad moments."""

import time
from collections.abc import Callable

ORDINARY_TEXT = ("Take the *work* you like, [not the title](https://a.example).\n\n" * 200)[:10_000]
SOME = 30
"""As many ordinary texts as a hostile one may cost."""
ROUNDS = 3


def times_as_costly(work: Callable[[], object], usual: Callable[[], object]) -> float:
    """How many times the processor time of `usual` this work takes, both at their best."""
    rounds = [(_seconds(work), _seconds(usual)) for _ in range(ROUNDS)]
    return min(of_work for of_work, _ in rounds) / min(of_usual for _, of_usual in rounds)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
