"""Reading the tree of replies in bounded pieces.

An answer is the top-level nodes of one page and a few levels below them, fetched level by level:
a constant number of queries per level, each reading only the rows it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from forum.core.pages import Record
from forum.replies.branches import (
    LANES,
    at_the_top,
    direct_replies,
    directly_below,
    first_replies,
)
from forum.replies.lanes import Deal, deal
from forum.threads import queries as threads

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

    row: Record
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
    """A page of the top-level replies of a thread with what is below them.

    Raises `ThreadNotFound`.
    """
    found = _tree(session, shape, start, top=True, of_thread=thread_id)
    if not found.nodes:
        threads.thread(session, thread_id)
    return found


def below_reply(session: Session, reply: Record, shape: Shape, start: Deal | None) -> Tree:
    """A page of the direct replies to `reply` with what is below them."""
    below = {"of_thread": reply.thread_id, "of_parent": reply.id}
    return _tree(session, shape, start, top=False, **below)


def below_threads(
    session: Session, thread_ids: Sequence[int], shape: Shape
) -> dict[int, list[Node]]:
    """The first top-level nodes of several threads, `limit` of each, with what is below them."""
    lanes = LANES[shape.sort]
    found = first_replies(session, shape.sort, at_the_top, thread_ids, shape.limit)
    tops: dict[int, list[Node]] = {}
    for thread_id in thread_ids:
        dealt, _ = deal(found.get(thread_id, lanes.nothing), 0, shape.limit, lanes.rounds)
        tops[thread_id] = [Node(row) for _, row in dealt]
    _grow(session, [node for top in tops.values() for node in top], shape)
    return tops


def _tree(session: Session, shape: Shape, start: Deal | None, top: bool, **below: int) -> Tree:
    lanes = LANES[shape.sort]
    turn, reached = (start.turn, start.reached) if start else (0, lanes.unread)
    found = [
        direct_replies(shape.sort, lane, top).first(session, after, shape.limit + 1, **below)
        for lane, after in zip(lanes.numbers, reached, strict=True)
    ]
    dealt, turn = deal(found, turn, shape.limit, lanes.rounds)
    nodes = [Node(row) for _, row in dealt]
    is_last = len(nodes) == sum(map(len, found))
    _grow(session, nodes, shape)
    following = None if is_last else Deal(turn, lanes.reached(dealt, reached))
    return Tree(_reading_order(nodes), following)


def _grow(session: Session, level: list[Node], shape: Shape) -> None:
    """Add the levels below `level`, as far as shape and the bound on all nodes allow."""
    lanes = LANES[shape.sort]
    left = MAX_NODES - len(level)
    for _ in range(shape.depth):
        wanted = _allot(level, shape.children, left)
        if not wanted:
            return
        most = max(wanted.values())
        found = first_replies(session, shape.sort, directly_below, list(wanted), most)
        nodes = {node.row.id: node for node in level}
        level = []
        for parent_id, count in wanted.items():
            dealt, turn = deal(found.get(parent_id, lanes.nothing), 0, count, lanes.rounds)
            parent = nodes[parent_id]
            parent.children = [Node(row) for _, row in dealt]
            parent.stopped = Deal(turn, lanes.reached(dealt, lanes.unread))
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


def _reading_order(nodes: Sequence[Node]) -> list[Node]:
    ordered: list[Node] = []
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting.extend(reversed(node.children))
    return ordered
