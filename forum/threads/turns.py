"""When a thread came to lack a path, and when that, or its being there at all, last turned.

Readers who follow the gap are told of threads in the order in which these came into it, and of
those that left. Who comes back is where they were; what is hidden neither comes nor leaves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case

from forum.core import clock, ranking
from forum.core.db import Timestamp, table_of
from forum.core.pages import Record
from forum.threads.gap import GAPS, gaps
from forum.threads.models import Thread

Times = dict[str, Any]
"""By column of the thread."""

_THREAD = table_of(Thread).c
_HALVES = ("technical_halves", "management_halves")
_NOW = bindparam(
    "turns_at",
    callable_=lambda: clock.now(),  # noqa: PLW0108 - whoever replaces the clock does so later
    type_=Timestamp(),
)


def on_hiding(thread: Thread, now: datetime) -> Times:
    """What to store with a visible thread that disappears."""
    left = (gap for gap in GAPS if getattr(thread, f"in_{gap}"))
    return {"turned_at": now, **{f"{gap}_turned_at": now for gap in left}}


def on_appearing(thread: Thread, first: bool, now: datetime) -> Times:
    """What to store with a thread that is visible again, or for the `first` time: opened now."""
    if first:
        hot = ranking.hot(thread.up - thread.down, now.timestamp())
        return {"created_at": now, "hot": hot, **_entering(thread, now)}
    return {"turned_at": now, **_entering(thread, now)}


def _entering(thread: Thread, now: datetime) -> Times:
    """The times of the gaps that a thread is in when it appears."""
    inside = [gap for gap in GAPS if getattr(thread, f"in_{gap}")]
    known = {gap for gap in inside if getattr(thread, f"{gap}_entered_at") is not None}
    return {f"{gap}_{'turned' if gap in known else 'entered'}_at": now for gap in inside}


def on_hiding_many(now: datetime) -> Times:
    """The same for visible threads that disappear in one statement."""
    return {"turned_at": now} | {
        f"{gap}_turned_at": case((_THREAD[f"in_{gap}"], now), else_=_THREAD[f"{gap}_turned_at"])
        for gap in GAPS
    }


def on_counting(numbers: Mapping[str, Any]) -> Times:
    """What to store with a thread when `numbers`, expressions by column, are."""
    if numbers.keys().isdisjoint(_HALVES):
        return {}
    times: Times = {}
    for gap, will in gaps(*(numbers.get(name, _THREAD[name]) for name in _HALVES)).items():
        entered_at, turned_at = _THREAD[f"{gap}_entered_at"], _THREAD[f"{gap}_turned_at"]
        enters = _THREAD.visible & will & entered_at.is_(None)
        turns = _THREAD.visible & (will != _THREAD[f"in_{gap}"])
        times[f"{gap}_entered_at"] = case((enters, _NOW), else_=entered_at)
        times[f"{gap}_turned_at"] = case((turns, _NOW), else_=turned_at)
    return times


def on_recounting(thread: Record, technical: int, management: int, now: datetime) -> Times:
    """The same for a thread whose halves turn out to be others than those stored."""
    times: Times = {}
    found = gaps(technical, management) if thread.visible else {}
    for gap, will in found.items():
        if will and getattr(thread, f"{gap}_entered_at") is None:
            times[f"{gap}_entered_at"] = now
        if will != getattr(thread, f"in_{gap}"):
            times[f"{gap}_turned_at"] = now
    return times
