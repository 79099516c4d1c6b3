"""Reading the tree of replies in bounded pieces.

An answer is the top-level nodes of one page and a few levels below them, fetched level by level:
a constant number of queries per level, each reading only the rows it returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from forum.core import pages
from forum.core.db import ids_per_parent
from forum.core.pages import Order
from forum.replies import queries
from forum.replies.lanes import ROUNDS, SINGLE, Deal, deal
from forum.replies.models import Reply

MAX_NODES = 500


@dataclass(frozen=True)
class Shape:
    """How much of a tree to read: `limit` top-level nodes, `children` per node, `depth` levels."""

    sort: str
    limit: int
    children: int
    depth: int


@dataclass
class Node:
    """A reply in an answer, the nodes shown below it, and where the deal of those stopped."""

    row: Row[Any]
    children: list["Node"] = field(default_factory=list)
    stopped: Deal | None = None

    @property
    def left_out(self) -> int:
        """How many direct replies this answer does not show."""
        return max(0, int(self.row.child_count) - len(self.children))


@dataclass(frozen=True)
class Tree:
    """Nodes in reading order, and where the next page of top-level nodes begins."""

    nodes: list[Node]
    next: Deal | None


def below_thread(session: Session, thread_id: int, shape: Shape, start: Deal | None) -> Tree:
    """A page of the top-level replies of a thread with what is below them."""
    return _tree(session, thread_id, None, shape, start)


def below_reply(session: Session, reply: Row[Any], shape: Shape, start: Deal | None) -> Tree:
    """A page of the direct replies to `reply` with what is below them."""
    return _tree(session, reply.thread_id, reply.id, shape, start)


def _tree(
    session: Session, thread_id: int, parent_id: int | None, shape: Shape, start: Deal | None
) -> Tree:
    lanes = _lanes(shape.sort)
    base = queries.replies().where(
        Reply.thread_id == thread_id, Reply.parent_id == parent_id, Reply.listed
    )
    turn = start.turn if start else 0
    reached = start.reached if start else (None,) * len(lanes.numbers)
    rows = []
    for lane, after in zip(lanes.numbers, reached, strict=True):
        query = _of_lane(base, Reply, lanes.order, lane, after)
        rows.append(pages.first(session, query, lanes.order, after, shape.limit + 1))
    dealt, turn = deal(rows, turn, shape.limit, lanes.rounds)
    top = [Node(row) for _, row in dealt]
    is_last = len(top) == sum(map(len, rows))
    _grow(session, thread_id, top, lanes, shape)
    following = None if is_last else Deal(turn, lanes.reached(dealt, reached))
    return Tree(_reading_order(top), following)


def _grow(
    session: Session, thread_id: int, level: list[Node], lanes: "_Lanes", shape: Shape
) -> None:
    """Add the levels below `level`, as far as shape and the bound on all nodes allow."""
    left = MAX_NODES - len(level)
    for _ in range(shape.depth):
        wanted = _allot(level, shape.children, left)
        if not wanted:
            return
        found = _first_children(session, thread_id, list(wanted), lanes, max(wanted.values()))
        nodes = {node.row.id: node for node in level}
        level = []
        for parent_id, count in wanted.items():
            dealt, turn = deal(found.get(parent_id, lanes.nothing), 0, count, lanes.rounds)
            parent = nodes[parent_id]
            parent.children = [Node(row) for _, row in dealt]
            parent.stopped = Deal(turn, lanes.reached(dealt, (None,) * len(lanes.numbers)))
            level += parent.children
        left -= len(level)


def _allot(level: Sequence[Node], children: int, left: int) -> dict[int, int]:
    """How many children to fetch for whom, in order, `left` at the most."""
    allotted: dict[int, int] = {}
    for node in level:
        count = min(children, node.row.child_count, left)
        if count > 0:
            allotted[node.row.id] = count
            left -= count
    return allotted


def _first_children(
    session: Session, thread_id: int, parents: list[int], lanes: "_Lanes", count: int
) -> dict[int, list[list[Row[Any]]]]:
    """Per parent and lane the first `count` direct replies, in one query."""
    bind = session.connection()
    parts = [
        ids_per_parent(bind, parents, _children_in_lane(thread_id, lanes.order, lane, count))
        for lane in lanes.numbers
    ]
    ids = parts[0] if len(parts) == 1 else union_all(*parts)
    found: dict[int, list[list[Row[Any]]]] = {}
    for row in session.execute(queries.replies().where(Reply.id.in_(ids))):
        in_lanes = found.setdefault(row.parent_id, [[] for _ in lanes.numbers])
        in_lanes[row.lane if len(lanes.numbers) > 1 else 0].append(row)
    for in_lanes in found.values():
        for rows in in_lanes:
            rows.sort(key=lanes.key, reverse=lanes.order.descending)
    return found


def _children_in_lane(
    thread_id: int, order: Order, lane: int | None, count: int
) -> Callable[[ColumnElement[int]], Select[Any]]:
    child = aliased(Reply)

    def children_of(parent: ColumnElement[int]) -> Select[Any]:
        columns = [getattr(child, column.key) for column in order.columns]
        query = select(child.id).where(
            child.thread_id == thread_id, child.parent_id == parent, child.listed
        )
        sequence = [c.desc() if order.descending else c.asc() for c in columns]
        return _of_lane(query, child, order, lane).order_by(*sequence).limit(count)

    return children_of


def _of_lane(
    query: Select[Any], reply: type[Reply], order: Order, lane: int | None, after: object = None
) -> Select[Any]:
    """`query` for a lane, its ordering begun in the words of the index that serves it.

    PostgreSQL does not see that `parent_id IS NULL` leaves one value, and would sort all top-level
    replies if the ordering did not name it. From `lane = 0` it sees that only too well, drops the
    lane from the ordering, and may search the index of `best` for a lane that is empty: hence a
    range where reading begins. In later pages SQLite needs equality to seek.
    """
    leading: list[InstrumentedAttribute[Any]] = [reply.parent_id]
    if lane is not None:
        leading.append(reply.lane)
        query = query.where(
            reply.lane.between(lane, lane) if after is None else reply.lane == lane
        )
    return query.order_by(*(c.desc() if order.descending else c.asc() for c in leading))


@dataclass(frozen=True)
class _Lanes:
    """The lanes of a sort: what is in each, how each is ordered, how they are dealt."""

    numbers: tuple[int | None, ...]
    order: Order
    rounds: Sequence[Sequence[int]]

    @property
    def nothing(self) -> list[list[Row[Any]]]:
        return [[] for _ in self.numbers]

    def key(self, row: Row[Any]) -> tuple[Any, ...]:
        return tuple(getattr(row, column.key) for column in self.order.columns)

    def reached(
        self, dealt: Sequence[tuple[int, Row[Any]]], before: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        latest = list(before)
        for lane, row in dealt:
            latest[lane] = self.order.position(row)
        return tuple(latest)


def _lanes(sort: str) -> _Lanes:
    if sort == "balanced":
        return _Lanes((0, 1, 2), queries.ORDERS["best"], ROUNDS)
    return _Lanes((None,), queries.ORDERS[sort], SINGLE)


def _reading_order(nodes: Sequence[Node]) -> list[Node]:
    ordered: list[Node] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting.extend(reversed(node.children))
    return ordered
