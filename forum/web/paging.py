"""Pages that show a part of a list: what the reader chose, where the part begins, what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from flask import current_app, request, url_for

from forum.core import cursors
from forum.core.errors import Invalid
from forum.core.pages import Position
from forum.replies.lanes import Deal
from forum.replies.tree import Node


@dataclass(frozen=True)
class Listing:
    """A list by the endpoint of its pages and the arguments that make it this list.

    Its cursors are bound to the address of its first page.
    """

    endpoint: str
    arguments: dict[str, Any]

    def page(self, after: Position | None = None) -> str:
        """The address of the page that begins after a position, by default of the first page."""
        first = url_for(self.endpoint, **self.arguments)
        if after is None:
            return first
        cursor = cursors.encode(_key(), first, after)
        return url_for(self.endpoint, **self.arguments, cursor=cursor)

    def changed(self, argument: str, value: str) -> Self:
        """The list with another value of an argument."""
        return replace(self, arguments={**self.arguments, argument: value})

    def start(self) -> Position | None:
        """Where the requested page begins; raises `CursorMismatch`."""
        cursor = request.args.get("cursor")
        if cursor is None:
            return None
        position: Position = cursors.decode(_key(), self.page(), cursor)
        return position

    def deal(self) -> Deal | None:
        """Where the requested page of a tree begins; raises `CursorMismatch`."""
        start = self.start()
        return Deal(start[0], tuple(start[1])) if start else None


def chosen(name: str, choices: Sequence[str]) -> str:
    """The choice in the query, by default the first one; raises `Invalid` for any other word."""
    word = request.args.get(name, choices[0])
    if word not in choices:
        raise Invalid(f"Must be one of: {', '.join(choices)}.", pointer=f"?{name}")
    return word


def position(deal: Deal | None) -> Position | None:
    """A place in a tree as the position in a list."""
    return [deal.turn, list(deal.reached)] if deal else None


def replies_below(reply_id: int, sort: str) -> Listing:
    """The direct replies that the pages of a reply show."""
    return Listing("web.reply", {"reply_id": reply_id, "sort": sort})


def more_replies(node: Node, sort: str) -> str:
    """The address of the page with the direct replies that are left out below a node."""
    return replies_below(node.row.id, sort).page(position(node.stopped))


def _key() -> str:
    return str(current_app.secret_key)
