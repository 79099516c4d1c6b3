"""Reading the queue, as moderators do: they see what is hidden from everybody else."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    func,
    null,
    select,
)
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.db import table_of
from forum.core.elements import DatabaseTime
from forum.core.lifecycle import state_of
from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.moderation.queue.errors import ItemNotFound
from forum.moderation.queue.models import DECIDED, OPEN, Evidence, ReviewItem
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

LONGEST_EXCERPT = 300
MOST_EVIDENCE = 5
"""That a list shows of each item, the weightiest first."""

_ITEM, _EVIDENCE = (table_of(t).c for t in (ReviewItem, Evidence))
_REPLY, _THREAD, _POST, _AUTHOR = (table_of(t).c for t in (Reply, Thread, Post, Member))
_PARENT = table_of(Reply).alias("parent").c
_HOLDER = table_of(Member).alias("holder").c

IS_CLAIMED = func.coalesce(_ITEM.claimed_until > DatabaseTime(), False)

_IS_OF_REPLY = _ITEM.reply_id.is_not(None)
_ABOUT = (
    table_of(ReviewItem)
    .outerjoin(table_of(Reply), _REPLY.id == _ITEM.reply_id)
    .outerjoin(table_of(Thread), _THREAD.id == func.coalesce(_REPLY.thread_id, _ITEM.thread_id))
    .outerjoin(table_of(Post), _POST.id == _THREAD.post_id)
    .outerjoin(
        table_of(Member),
        _AUTHOR.id
        == case(
            (_IS_OF_REPLY, _REPLY.author_id),
            else_=func.coalesce(_THREAD.author_id, _ITEM.member_id),
        ),
    )
    .outerjoin(_PARENT.id.table, and_(_PARENT.id == _REPLY.reply_to_id, _PARENT.visible))
    .outerjoin(_HOLDER.id.table, _HOLDER.id == _ITEM.claimed_by_id)
)


def _said(name: str) -> ColumnElement[Any]:
    """A column that threads and replies have, of the one the item is about."""
    return case((_IS_OF_REPLY, _REPLY[name]), else_=_THREAD[name]).label(name)


def start_of(words: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    return func.substr(words, 1, LONGEST_EXCERPT).label(name)


_ITEMS = select(
    *(c for c in _ITEM if c.key != "thread_id"),
    _THREAD.id.label("thread_id"),
    _THREAD.title,
    _AUTHOR.id.label("author_id"),
    *AUTHOR_COLUMNS,
    *map(_said, ("created_at", "edited_at", "visible")),
    case(
        (_ITEM.member_id.is_not(None), null()),
        (_IS_OF_REPLY, state_of(_REPLY)),
        else_=state_of(_THREAD),
    ).label("text_state"),
    start_of(_said("body"), "excerpt"),
    start_of(_PARENT.body, "answers"),
    _POST.slug.label("post_slug"),
    _POST.title.label("post_title"),
    IS_CLAIMED.label("is_claimed"),
    _HOLDER.username.label("holder"),
).select_from(_ABOUT)

_WORDS = (
    *map(_said, ("body", "body_html")),
    _REPLY.tree_key,
    *(_REPLY[name] for name in ("path", "path_source", "declared", "contested", "bridge")),
    *(_REPLY[f"{value}_ballots"] for value in ("technical", "management", "neither")),
    *(_REPLY[f"pinned_{name}"] for name in ("at", "path", "reason")),
)
_ONE = _ITEMS.add_columns(*_WORDS).where(_ITEM.id == bindparam("of_item"))
_STANDING = (
    select(
        *_ITEM,
        IS_CLAIMED.label("is_claimed"),
        _HOLDER.username.label("holder"),
    )
    .select_from(
        table_of(ReviewItem).outerjoin(_HOLDER.id.table, _HOLDER.id == _ITEM.claimed_by_id)
    )
    .where(_ITEM.id == bindparam("of_item"))
)

ORDERS = {
    "priority": Order((_ITEM.urgency, _ITEM.id), descending=False),
    "oldest": Order((_ITEM.opened_at, _ITEM.id), descending=False),
}
_STATES = {OPEN: _ITEM.decided_at.is_(None), DECIDED: _ITEM.decided_at.is_not(None)}
_FILTERS: dict[str, ColumnElement[bool]] = {
    "kind": _ITEM.kind == bindparam("of_kind"),
    "post": _POST.slug == bindparam("of_post"),
    "mine": and_(_ITEM.claimed_by_id == bindparam("of_holder"), IS_CLAIMED),
}


@cache
def _list(state: str, sort: str, filters: tuple[str, ...]) -> Keyset:
    where = (_FILTERS[name] for name in filters)
    return Keyset(_ITEMS.where(_STATES[state], *where), ORDERS[sort])


def items(
    session: Session,
    state: str,
    sort: str,
    filters: dict[str, Any],
    after: Position | None,
    limit: int,
) -> Page[Record]:
    """A page of the queue; `filters` may have `kind`, `post` (its slug), `mine` (who claimed)."""
    values = {_BOUND[name]: value for name, value in filters.items()}
    return _list(state, sort, tuple(sorted(filters))).page(session, after, limit, **values)


def item(session: Session, item_id: int) -> Record:
    """An item with all that its target says; raises `ItemNotFound`."""
    return _only(rows(session, _ONE, of_item=item_id))


def standing(session: Session, item_id: int) -> Record:
    """An item's own row and who holds it; raises `ItemNotFound`."""
    return _only(rows(session, _STANDING, of_item=item_id))


def open_counts(session: Session, member_id: int) -> list[Record]:
    """By kind: how many items are open, claimed, and claimed by a member."""
    return rows(session, _OPEN_COUNTS, by=member_id)


def evidence(session: Session, item_ids: Collection[int], most: int) -> dict[int, list[Record]]:
    """What brought items into the queue, at most so many pieces of each, the weightiest first."""
    found: dict[int, list[Record]] = {item_id: [] for item_id in item_ids}
    for piece in rows(session, _EVIDENCE_OF, ids=list(item_ids), most=most):
        found[piece.item_id].append(piece)
    return found


def brought_by(session: Session, item_id: int, seen_seq: int) -> list[int]:
    """The members who brought evidence of an item, up to a piece of it."""
    return [row.by_id for row in rows(session, _BROUGHT_BY, of_item=item_id, seen=seen_seq)]


def _only(found: list[Record]) -> Record:
    if not found:
        raise ItemNotFound
    return found[0]


_BOUND = {"kind": "of_kind", "post": "of_post", "mine": "of_holder"}
_OPEN_COUNTS = (
    select(
        _ITEM.kind,
        func.count().label("open"),
        func.sum(cast(IS_CLAIMED, Integer)).label("claimed"),
        func.sum(cast(and_(IS_CLAIMED, _ITEM.claimed_by_id == bindparam("by")), Integer)).label(
            "mine"
        ),
    )
    .where(_STATES[OPEN])
    .group_by(_ITEM.kind)
)
_NUMBERED = (
    select(
        *_EVIDENCE,
        func.row_number()
        .over(partition_by=_EVIDENCE.item_id, order_by=(_EVIDENCE.weight.desc(), _EVIDENCE.seq))
        .label("place"),
        func.count().over(partition_by=_EVIDENCE.item_id).label("pieces"),
    )
    .where(_EVIDENCE.item_id.in_(bindparam("ids", expanding=True)))
    .subquery()
)
_EVIDENCE_OF = (
    select(*_NUMBERED.c, _AUTHOR.username.label("by"))
    .outerjoin(table_of(Member), _AUTHOR.id == _NUMBERED.c.by_id)
    .where(_NUMBERED.c.place <= bindparam("most"))
    .order_by(_NUMBERED.c.item_id, _NUMBERED.c.place)
)
_BROUGHT_BY = select(_EVIDENCE.by_id).where(
    _EVIDENCE.item_id == bindparam("of_item"),
    _EVIDENCE.seq <= bindparam("seen"),
    _EVIDENCE.by_id.is_not(None),
)
