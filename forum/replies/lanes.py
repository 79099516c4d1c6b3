"""Dealing replies out of lanes: how `balanced` shows both sides first, whichever camp is larger.

A plain order is a single lane. The place in a deal is the number of turns taken and how far each
lane has been read, so that a page can go on exactly where the one before ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from forum.replies.models import MANAGEMENT_LANE, REST_LANE, TECHNICAL_LANE

T = TypeVar("T")

ROUNDS = (
    (TECHNICAL_LANE, MANAGEMENT_LANE, REST_LANE),
    (MANAGEMENT_LANE, TECHNICAL_LANE, REST_LANE),
)
"""Which lane is dealt from in odd and in even rounds."""

SINGLE = ((0,),)


@dataclass(frozen=True)
class Deal:
    """Turns taken so far, and the position reached in each lane (None: nothing dealt of it)."""

    turn: int
    reached: tuple[Any, ...]


def deal(
    lanes: Sequence[Sequence[T]], start: int, count: int, rounds: Sequence[Sequence[int]]
) -> tuple[list[tuple[int, T]], int]:
    """Up to `count` items as (lane, item), dealt in turn from turn `start`; and the turn after."""
    if len(lanes) == 1:
        only = [(0, item) for item in lanes[0][:count]]
        return only, start + len(only)
    waiting = [list(reversed(lane)) for lane in lanes]
    dealt: list[tuple[int, T]] = []
    turn = start
    while len(dealt) < count and any(waiting):
        order = rounds[turn // len(rounds[0]) % len(rounds)]
        lane = order[turn % len(order)]
        if waiting[lane]:
            dealt.append((lane, waiting[lane].pop()))
        turn += 1
    return dealt, turn
