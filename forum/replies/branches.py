"""The direct replies to a thread or a reply in every sort: statements that are built once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, select, union_all
from sqlalchemy.orm import Session

from forum.core.pages import Keyset, Order, Record, Within
from forum.core.per_parent import Children, IdsBelow, PerParent
from forum.replies.lanes import ROUNDS, SINGLE
from forum.replies.models import MANAGEMENT_LANE, REST_LANE, TECHNICAL_LANE, Reply
from forum.replies.queries import ORDERS, REPLIES

_REPLIES = Reply.__table__

Place = Callable[[FromClause, ColumnElement[int]], ColumnElement[bool]]
"""Whether a row of a table of replies stands directly below a thread or reply."""


@dataclass(frozen=True)
class Lanes:
    """The lanes of a sort: what is in each, how each is ordered, how they are dealt."""

    numbers: tuple[int | None, ...]
    order: Order
    rounds: Sequence[Sequence[int]]

    @property
    def nothing(self) -> list[list[Record]]:
        return [[] for _ in self.numbers]

    @property
    def unread(self) -> tuple[None, ...]:
        return (None,) * len(self.numbers)

    def reached(
        self, dealt: Sequence[tuple[int, Record]], before: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        """How far each lane was read, after what was dealt."""
        last = dict(dealt)
        return tuple(
            self.order.position(last[lane]) if lane in last else position
            for lane, position in enumerate(before)
        )


_BALANCED = Lanes((TECHNICAL_LANE, MANAGEMENT_LANE, REST_LANE), ORDERS["best"], ROUNDS)
LANES = {
    **{sort: Lanes((None,), order, SINGLE) for sort, order in ORDERS.items()},
    "balanced": _BALANCED,
}


def at_the_top(reply: FromClause, thread_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The place of top-level replies."""
    return and_(reply.c.thread_id == thread_id, reply.c.parent_id.is_(None))


def directly_below(reply: FromClause, parent_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The place of answers to a reply; names the thread, with which the indexes begin."""
    parent = _REPLIES.alias()
    thread_id = select(parent.c.thread_id).where(parent.c.id == parent_id)
    thread_id = thread_id.correlate_except(parent)
    return and_(reply.c.thread_id == thread_id.scalar_subquery(), reply.c.parent_id == parent_id)


@cache
def direct_replies(sort: str, lane: int | None, top: bool) -> Keyset:
    """Those to the thread bound as `of_thread`, or to its reply bound as `of_parent`."""
    lanes = LANES[sort]
    parent: Any = None if top else bindparam("of_parent")
    replies = REPLIES.where(
        _REPLIES.c.thread_id == bindparam("of_thread"),
        _REPLIES.c.parent_id == parent,
        _REPLIES.c.listed,
    )
    siblings = _in_words_of_index(replies, _REPLIES, lanes.order)
    return Keyset(siblings, lanes.order, None if lane is None else Within(_REPLIES.c.lane, lane))


def first_replies(
    session: Session, sort: str, place: Place, parents: Sequence[int], count: int
) -> dict[int, list[list[Record]]]:
    """Per parent, which is a thread or a reply, and lane the first `count` replies; one query."""
    lanes = LANES[sort]
    found: dict[int, list[list[Record]]] = {}
    for row in _first_replies(sort, place).rows(session, parents, page_size=count):
        in_lanes = found.setdefault(row.parent_id or row.thread_id, lanes.nothing)
        in_lanes[row.lane if len(lanes.numbers) > 1 else 0].append(row)
    return found


@cache
def _first_replies(sort: str, place: Place) -> PerParent:
    lanes = LANES[sort]

    def build(ids_below: IdsBelow) -> Select[Any]:
        parts = [ids_below(_children(place, lanes.order, lane)) for lane in lanes.numbers]
        ids = parts[0] if len(parts) == 1 else union_all(*parts)
        return REPLIES.where(_REPLIES.c.id.in_(ids)).order_by(*lanes.order.clauses())

    return PerParent(build)


def _children(place: Place, order: Order, lane: int | None) -> Children:
    child = _REPLIES.alias()

    def children_of(parent: ColumnElement[int]) -> Select[Any]:
        columns = [child.c[str(column.key)] for column in order.columns]
        query = select(child.c.id).where(place(child, parent), child.c.listed)
        query = _in_words_of_index(query, child, order)
        if lane is not None:
            query = Within(child.c.lane, lane).narrow(query, order)
        return query.order_by(*order.clauses(columns)).limit(bindparam("page_size"))

    return children_of


def _in_words_of_index(query: Select[Any], reply: FromClause, order: Order) -> Select[Any]:
    """`query` with its ordering begun by what the indexes of the tree have before the rank.

    PostgreSQL does not see that `parent_id IS NULL` leaves one value, and would sort all top-level
    replies if the ordering did not name it.
    """
    return query.order_by(*order.clauses([reply.c.parent_id]))
