"""How news is read: of a scope its newest texts or those after a position, and those that left.

Whoever asks for the newest again and again costs one statement, which indexes serve and which
reads nothing of what the texts say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, select, union_all
from sqlalchemy.orm import Session

from forum.core.errors import NotFound, Refusal
from forum.core.outbox import RecordedEvent
from forum.core.pages import Position, Record, rows
from forum.replies.streams import Stream, shaped

_ABOUT = "about"


@dataclass(frozen=True)
class Window:
    """Which part of the news: at most `limit`, from the newest or from after a position on."""

    limit: int
    after: Position | None = None


@dataclass(frozen=True)
class News:
    """A part of what is new about something, which `about` names.

    `items` are the latest first; `following` is the one after them. `left` are the `limit` that
    left last, told with the newest only. `elsewhere_at` is when last something changed that bears
    no time here: a name, the title of a post.
    """

    about: Record
    items: Sequence[Record]
    following: Record | None
    left: Sequence[Record]
    elsewhere_at: datetime | None = field(repr=False)


def position(item: Record) -> Position:
    """Where an item stands."""
    return [item.entered_at.isoformat(), item.kind, item.id]


def until(moment: datetime) -> Position:
    """Where those stand that had entered before a moment."""
    return [moment.isoformat(), "", 0]


class Scope:
    """What there is news about: a row that names it, and the streams of what is said there."""

    def __init__(
        self, about: Select[Any], *streams: Stream, missing: type[Refusal] = NotFound
    ) -> None:
        self._about, self._streams, self._missing = about, streams, missing

    @cached_property
    def _newest(self) -> CompoundSelect[Any]:
        """Built when it is first needed, for building it costs more than executing it."""
        streams = (part.start for each in self._streams for part in (each.there, *each.left))
        return _one_after_the_other(self._about, *streams)

    def news(self, session: Session, window: Window, **values: Any) -> News:
        """Raises the error of what is missing."""
        found = self._rows(session, window, values)
        about = next((row for row in found if row.kind == _ABOUT), None)
        if about is None:
            raise self._missing
        texts = [row for row in found if row.kind != _ABOUT]
        there = _latest((row for row in texts if row.entered_at), "entered_at")
        left = _latest((row for row in texts if not row.entered_at), "turned_at")
        return News(
            about,
            there[: window.limit],
            there[window.limit] if len(there) > window.limit else None,
            left[: window.limit],
            about.turned_at,
        )

    def _rows(self, session: Session, window: Window, values: dict[str, Any]) -> list[Record]:
        count = window.limit + 1
        if window.after is None:
            return rows(session, self._newest, page_size=count, **values)
        found = rows(session, self._about, **values)
        for stream in self._streams:
            found += stream.after(session, window.after, count, **values)
        return found


def _one_after_the_other(*parts: Select[Any]) -> CompoundSelect[Any]:
    return union_all(*(select(part.subquery()) for part in parts))


def _latest(texts: Iterable[Record], time: str) -> list[Record]:
    return sorted(texts, key=lambda row: (getattr(row, time), row.kind, row.id), reverse=True)


_EVENT = RecordedEvent.__table__.c
_ELSEWHERE = select(func.max(_EVENT.happened_at)).where(_EVENT.topic.is_(None)).scalar_subquery()


def named(**columns: Any) -> Select[Any]:
    """The row that names what a scope is about, by the columns of all texts."""
    return shaped(_ABOUT, turned_at=_ELSEWHERE, **columns)
