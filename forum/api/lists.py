"""Answers that are lists: their cursors, their `next`, and what a signed-in reader gets besides."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from sqlalchemy import Row

from forum.api import representations
from forum.api.edge import viewer
from forum.core import cursors
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Page, Position
from forum.paths import queries as paths
from forum.replies.lanes import Deal
from forum.replies.tree import Node, Shape, Tree
from forum.votes import queries as votes

Json = dict[str, Any]
API = "/api/v1"
_NOT_FILTERS = frozenset({"cursor", "limit", "children", "depth"})


def position(arguments: Mapping[str, Any]) -> Position | None:
    """Where the requested page of the current list begins; raises `CursorMismatch`."""
    cursor = arguments.get("cursor")
    if cursor is None:
        return None
    found: Position = cursors.decode(_key(), _scope(request.path, arguments), cursor)
    return found


def start_of_deal(arguments: Mapping[str, Any]) -> Deal | None:
    """Where the requested page of the current tree begins; raises `CursorMismatch`."""
    found = position(arguments)
    return Deal(found[0], tuple(found[1])) if found else None


def listed(
    page: Page[Row[Any]], arguments: Mapping[str, Any], dump: Callable[[list[Row[Any]]], list[Json]]
) -> Response:
    """A page of a list."""
    following = _address(request.path, arguments, page.next) if page.next is not None else None
    return _list_response(dump(list(page.items)), arguments["limit"], following)


def listed_tree(tree: Tree, shape: Shape, arguments: Mapping[str, Any]) -> Response:
    """A page of a tree of replies."""
    after = tree.next
    following = _address(request.path, arguments, _position_of(after)) if after else None
    items = replies([node.row for node in tree.nodes])
    for item, node in zip(items, tree.nodes, strict=True):
        item["more"] = _more(node, shape) if node.left_out else None
    return _list_response(items, shape.limit, following)


def plain_nodes(rows: list[Row[Any]]) -> list[Json]:
    """Replies outside their tree, as nodes with nothing below them."""
    return [{**reply, "more": None} for reply in replies(rows)]


def posts(rows: Iterable[Row[Any]]) -> list[Json]:
    """Posts."""
    return [representations.post(row) for row in rows]


def threads(rows: list[Row[Any]]) -> list[Json]:
    """Threads, with the reader's own votes if somebody is signed in."""
    base_url = current_app.config["BASE_URL"]
    dumped = [representations.thread(row, base_url) for row in rows]
    if viewer().is_member and rows:
        mine = votes.votes_on_threads(db.session(), viewer(), [row.id for row in rows])
        for item in dumped:
            item["my_vote"] = mine.get(item["id"])
    return dumped


def replies(rows: list[Row[Any]]) -> list[Json]:
    """Replies, with the reader's own votes and ballots if somebody is signed in."""
    base_url = current_app.config["BASE_URL"]
    dumped = [representations.reply(row, base_url) for row in rows]
    if viewer().is_member and rows:
        ids = [row.id for row in rows]
        my_votes = votes.votes_on_replies(db.session(), viewer(), ids)
        my_ballots = paths.ballots_of_viewer(db.session(), viewer(), ids)
        for item in dumped:
            item["my_vote"] = my_votes.get(item["id"])
            item["my_ballot"] = my_ballots.get(item["id"])
    return dumped


def revisions(rows: list[Row[Any]]) -> list[Json]:
    """What a reply said before each edit."""
    names = ("body", "body_html", "written_at", "replaced_at")
    return [{name: getattr(row, name) for name in names} for row in rows]


def _more(node: Node, shape: Shape) -> Json:
    arguments = {
        "sort": shape.sort,
        "limit": shape.limit,
        "children": shape.children,
        "depth": shape.depth,
    }
    after = _position_of(node.stopped) if node.stopped else None
    address = _address(f"{API}/replies/{node.row.id}/replies", arguments, after)
    return {"count": node.left_out, "next": address}


def _list_response(items: list[Json], limit: int, following: str | None) -> Response:
    response = json_response({"items": items, "page": {"limit": limit, "next": following}})
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _address(path: str, arguments: Mapping[str, Any], after: Position | None) -> str:
    query = {n: v for n, v in arguments.items() if v is not None and n != "cursor"}
    if after is not None:
        query["cursor"] = cursors.encode(_key(), _scope(path, arguments), after)
    return f"{path}?{urlencode(query)}"


def _position_of(deal: Deal) -> Position:
    return [deal.turn, list(deal.reached)]


def _scope(path: str, arguments: Mapping[str, Any]) -> str:
    """What a cursor is bound to: the list and its filters and sort."""
    filters = {n: v for n, v in arguments.items() if v is not None and n not in _NOT_FILTERS}
    return f"{path}?{urlencode(sorted(filters.items()))}"


def _key() -> str:
    return str(current_app.secret_key)
