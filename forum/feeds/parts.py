"""The parts of a feed (RFC 5005): the newest entries, pages after them, and archives by month.

Pages go on from where one ended, so they hold each entry once, and their addresses change with what
is new. Archives are for who was away: that of a month that is over begins at its end, so it is the
same for everybody and changes no more, but for what is edited or leaves.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from flask import current_app, request

from forum.core import clock, cursors
from forum.core.errors import Invalid
from forum.core.pages import Position
from forum.feeds.model import Link
from forum.replies.scopes import News, Window, position, until

DEFAULT_LIMIT = 50
MOST_ENTRIES = 100

QUERY = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": DEFAULT_LIMIT},
    "cursor": {"type": "string"},
    "archive": {"type": "string", "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"},
}
"""The parameters of every feed."""

_LIMIT = re.compile("[1-9][0-9]{0,2}", re.ASCII)
_MONTH = re.compile("([12][0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)

Address = Callable[..., str]
"""Makes the address of another part of the same feed: `address(archive="2026-10")`."""


@dataclass(frozen=True)
class Part:
    """What is asked for: how many entries at most, of which month, after which position."""

    limit: int
    archive: str | None
    after: Position | None

    @classmethod
    def asked(cls) -> Self:
        """Raises `Invalid` or `CursorMismatch`."""
        archive = request.args.get("archive")
        if archive is not None and not _MONTH.fullmatch(archive):
            raise Invalid("Must be a month like 2026-10.", pointer="?archive")
        return cls(_limit(), archive, _after(archive))

    @property
    def is_newest(self) -> bool:
        return self.archive is None and self.after is None

    @property
    def is_topic(self) -> bool:
        """Whether it is the document that a hub is told of."""
        return self.is_newest and self.limit == DEFAULT_LIMIT

    def window(self) -> Window:
        """Where to look for it."""
        if self.archive and not self.after:
            return Window(self.limit, until(_month_after(self.archive)))
        return Window(self.limit, self.after)

    def of(self, news: News) -> News:
        """What belongs to it of what was found there: an archive ends with its month."""
        if self.archive is None:
            return news
        items = [item for item in news.items if _month(item.entered_at) == self.archive]
        earlier = [item for item in news.items if _month(item.entered_at) != self.archive]
        return replace(news, items=items, following=[*earlier, news.following][0])

    def links(self, news: News, address: Address) -> Iterator[Link]:
        """Where the other parts are."""
        if self.archive is not None:
            yield Link("current", address())
        elif self.after is not None:
            yield Link("first", address())
        if news.following is not None:
            last = news.items and position(news.items[-1])
            if self.archive is None:
                yield Link("next", address(cursor=last))
            month = _month(news.following.entered_at)
            goes_on = month in (self.archive, _month(clock.now()))
            yield Link("prev-archive", address(archive=month, cursor=last if goes_on else None))


def query_of(name: str, limit: int, **more: Any) -> dict[str, Any]:
    """What makes the address of a part of the feed called `name`: `archive`, `cursor`, `token`."""
    archive, after = more.get("archive"), more.get("cursor")
    cursor = cursors.encode(_key(), _scope(f"/feeds/{name}", archive), after) if after else None
    told_limit = limit if limit != DEFAULT_LIMIT else None
    query = {"limit": told_limit, "archive": archive, "cursor": cursor, "token": more.get("token")}
    return {parameter: value for parameter, value in query.items() if value}


def _limit() -> int:
    given = request.args.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(given) or int(given) > MOST_ENTRIES:
        raise Invalid(f"Must be a whole number from 1 to {MOST_ENTRIES}.", pointer="?limit")
    return int(given)


def _after(archive: str | None) -> Position | None:
    cursor = request.args.get("cursor")
    if cursor is None:
        return None
    scope = _scope(request.path.rpartition(".")[0], archive)
    found: Position = cursors.decode(_key(), scope, cursor)
    return found


def _scope(path: str, archive: str | None) -> str:
    return f"{path}?archive={archive or ''}"


def _month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"


def _month_after(month: str) -> datetime:
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _key() -> str:
    return str(current_app.secret_key)
