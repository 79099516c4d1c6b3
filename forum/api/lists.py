"""Answers that are lists: their cursors, their `next`, and what a signed-in reader gets besides."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, current_app, request
from sqlalchemy import null, select, union_all

from forum.api import representations
from forum.api.edge import BASE, viewer
from forum.config import settings_in
from forum.core import cursors
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Page, Position, Record, rows
from forum.notifications.queries import Group
from forum.paths import queries as paths
from forum.replies.lanes import Deal
from forum.replies.tree import Node, Shape, Tree
from forum.votes import queries as votes

Json = dict[str, Any]
T = TypeVar("T")
_BALLOTS = paths.OWN.subquery()
_OWN_ON_REPLIES = union_all(
    votes.OWN_ON_REPLIES.add_columns(null().label("my_ballot")),
    select(_BALLOTS.c.reply_id, null(), _BALLOTS.c.my_ballot),
)
_NOT_FILTERS = frozenset({"cursor", "limit", "children", "depth"})


class Links:
    """Addresses of lists with some parameters, which are encoded once for all of them."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        given = ((n, v) for n, v in arguments.items() if v is not None and n != "cursor")
        self._query, self._filters = _encoded(tuple(given))

    def scope(self, path: str) -> str:
        """What a cursor is bound to: the list and its filters and sort."""
        return f"{path}?{self._filters}"

    def to(self, path: str, after: Position | None) -> str:
        """The address of the list at `path`, after a position in it."""
        address = f"{path}?{self._query}"
        if after is None:
            return address
        return f"{address}&cursor={cursors.encode(_key(), self.scope(path), after)}"


@lru_cache(1000)
def _encoded(given: tuple[tuple[str, Any], ...]) -> tuple[str, str]:
    """Parameters as a query, and those of them that a cursor is bound to."""
    return urlencode(given), urlencode(sorted((n, v) for n, v in given if n not in _NOT_FILTERS))


def position(arguments: Mapping[str, Any]) -> Position | None:
    """Where the requested page of the current list begins; raises `CursorMismatch`."""
    cursor = arguments.get("cursor")
    if cursor is None:
        return None
    found: Position = cursors.decode(_key(), Links(arguments).scope(request.path), cursor)
    return found


def start_of_deal(arguments: Mapping[str, Any]) -> Deal | None:
    """Where the requested page of the current tree begins; raises `CursorMismatch`."""
    found = position(arguments)
    return Deal(found[0], tuple(found[1])) if found else None


def listed(
    page: Page[T], arguments: Mapping[str, Any], dump: Callable[[list[T]], list[Json]], **more: Any
) -> Response:
    """A page of a list, and `more` about all of it."""
    following = Links(arguments).to(request.path, page.next) if page.next is not None else None
    return _list_response(dump(list(page.items)), arguments["limit"], following, **more)


def listed_tree(tree: Tree, shape: Shape, arguments: Mapping[str, Any]) -> Response:
    """A page of a tree of replies."""
    after = tree.next
    following = Links(arguments).to(request.path, _position_of(after)) if after else None
    items = replies([node.row for node in tree.nodes])
    below = Links(vars(shape))
    for item, node in zip(items, tree.nodes, strict=True):
        item["more"] = _more(node, below) if node.left_out else None
    return _list_response(items, shape.limit, following)


def plain_nodes(found: list[Record]) -> list[Json]:
    """Replies outside their tree, as nodes with nothing below them."""
    return [{**reply, "more": None} for reply in replies(found)]


def posts(found: Iterable[Record]) -> list[Json]:
    """Posts."""
    return [representations.post(row) for row in found]


def threads(found: list[Record]) -> list[Json]:
    """Threads, with the reader's own votes if somebody is signed in."""
    base_url = settings_in(current_app).base_url
    dumped = [representations.thread(row, base_url) for row in found]
    if viewer().is_member and found:
        mine = votes.votes_on_threads(db.session(), viewer(), [row.id for row in found])
        for item in dumped:
            item["my_vote"] = mine.get(item["id"])
    return dumped


def replies(found: list[Record]) -> list[Json]:
    """Replies, with the reader's own votes and ballots if somebody is signed in."""
    base_url = settings_in(current_app).base_url
    dumped = [representations.reply(row, base_url) for row in found]
    if viewer().is_member and found:
        for item in dumped:
            item["my_vote"] = item["my_ballot"] = None
        of_others = [row.id for row in found if row.author_id != viewer().id]
        _add_own({item["id"]: item for item in dumped}, of_others)
    return dumped


def _add_own(dumped: dict[int, Json], of_others: list[int]) -> None:
    """Votes and ballots of the reader, who has none on replies of their own."""
    if not of_others:
        return
    for own in rows(db.session(), _OWN_ON_REPLIES, by=viewer().id, ids=of_others):
        name = "my_ballot" if own.my_vote is None else "my_vote"
        dumped[own.reply_id][name] = getattr(own, name)


def revisions(found: list[Record]) -> list[Json]:
    """What a reply said before each edit."""
    names = ("body", "body_html", "written_at", "replaced_at")
    return [{name: getattr(row, name) for name in names} for row in found]


def held_texts(found: list[Record]) -> list[Json]:
    """One's own threads and replies that wait."""
    return [representations.held_text(row) for row in found]


def rules(found: list[Record]) -> list[Json]:
    """What moderators watch for."""
    return [representations.rule(row) for row in found]


def notifications(found: list[Group]) -> list[Json]:
    """What somebody is told."""
    base_url = settings_in(current_app).base_url
    return [representations.notification(group, base_url) for group in found]


def feed_tokens(found: list[Record]) -> list[Json]:
    """Tokens for private feeds."""
    return [representations.feed_token(row) for row in found]


def sessions(found: list[Record]) -> list[Json]:
    """Where somebody is signed in; the session that asks is the current one."""
    return [representations.session(row, viewer().sign_in_id) for row in found]


def access_tokens(found: list[Record]) -> list[Json]:
    """What somebody's programs show."""
    return [representations.access_token(row) for row in found]


def identities(found: list[Record]) -> list[Json]:
    """Users of other sites who sign in."""
    return [representations.identity(row) for row in found]


def webhooks(found: list[Record]) -> list[Json]:
    """Programs that are told what happens."""
    return [representations.webhook(row) for row in found]


def deliveries(found: list[Record]) -> list[Json]:
    """Messages to one of them."""
    return [representations.delivery(row) for row in found]


def _more(node: Node, below: Links) -> Json:
    after = _position_of(node.stopped) if node.stopped else None
    return {
        "count": node.left_out,
        "next": below.to(f"{BASE}/replies/{node.row.id}/replies", after),
    }


def _list_response(items: list[Json], limit: int, following: str | None, **more: Any) -> Response:
    page = {"limit": limit, "next": following}
    response = json_response({"items": items, "page": page, **more})
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _position_of(deal: Deal) -> Position:
    return [deal.turn, list(deal.reached)]


def _key() -> str:
    return str(current_app.secret_key)
