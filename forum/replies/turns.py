"""When a reply came to stand on a path, and when its standing there, or anywhere, last turned.

Readers who follow a path are told of replies in the order in which these came to it, and of those
that left. Who comes back is where they were.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import case

from forum.core.pages import Record
from forum.replies.models import FLAGS, Reply

Times = dict[str, Any]
"""By column of the reply."""


def stands_on(path: str, of: str | None, bridge: bool) -> bool:
    """Whether a reply whose path is `of` stands on `path`; a bridge stands on both."""
    return bridge or path == of


def on_hiding(reply: Reply, now: datetime) -> Times:
    """What to store with a visible reply that disappears."""
    left = (f for f, path in FLAGS.items() if stands_on(path, reply.path, reply.bridge))
    return {"turned_at": now, **{f"{flag}_turned_at": now for flag in left}}


def on_hiding_many(now: datetime) -> Times:
    """The same for visible replies that disappear in one statement."""
    columns = Reply.__table__.c
    return {"turned_at": now} | {
        f"{flag}_turned_at": case((columns[f"on_{flag}"], now), else_=columns[f"{flag}_turned_at"])
        for flag in FLAGS
    }


def on_appearing(reply: Reply, first: bool, now: datetime) -> Times:
    """What to store with a reply that is visible again, or for the `first` time: written now."""
    times: Times = {"created_at": now} if first else {"turned_at": now}
    for flag, path in FLAGS.items():
        if stands_on(path, reply.path, reply.bridge):
            is_new = first or getattr(reply, f"{flag}_entered_at") is None
            times[f"{flag}_entered_at" if is_new else f"{flag}_turned_at"] = now
    return times


def on_resolving(reply: Reply | Record, path: str | None, bridge: bool, now: datetime) -> Times:
    """What to store with a visible reply whose path is resolved as `path` and `bridge`."""
    times: Times = {}
    for flag, way in FLAGS.items():
        will = stands_on(way, path, bridge)
        if will and getattr(reply, f"{flag}_entered_at") is None:
            times[f"{flag}_entered_at"] = now
        if will != stands_on(way, reply.path, reply.bridge):
            times[f"{flag}_turned_at"] = now
    return times
