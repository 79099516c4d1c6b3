"""Reading what was decided, and what became of it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import table_of
from forum.core.pages import Record, rows
from forum.moderation.models import REVERSED, Appeal
from forum.moderation.queue.errors import AlreadyDecided
from forum.moderation.queue.models import Decision, ReviewItem
from forum.moderation.queue.policy import APPROVE, REMOVE

MOST_ACTIONS = 10

_ITEM, _DECISION, _APPEAL = (table_of(t).c for t in (ReviewItem, Decision, Appeal))
REVERSED_AT = (
    select(func.max(_APPEAL.answered_at))
    .where(_APPEAL.group_id == _DECISION.group_id, _APPEAL.outcome == REVERSED)
    .correlate(table_of(Decision))
    .scalar_subquery()
)
"""Since when a decision is reversed on appeal."""
UNDONE_AT = func.coalesce(_DECISION.undone_at, REVERSED_AT)
"""Since when a decision does not stand any more, undone or reversed on appeal."""


def removals(session: Session, author_ids: Collection[int]) -> dict[int, int]:
    """How many texts of members were removed by decisions that still stand, by the member."""
    found = rows(session, _REMOVALS, ids=list(author_ids))
    return {row.author_id: row.removals for row in found}


def decision(session: Session, item_id: int) -> Record | None:
    """What was decided about an item, if that still stands."""
    found = rows(session, _DECISION_OF, of_item=item_id)
    return found[0] if found else None


def decision_by_id(session: Session, decision_id: int) -> Record:
    """A decision that is there."""
    return rows(session, _DECISION_BY_ID, of_decision=decision_id)[0]


def decisions_about(session: Session, author_id: int) -> list[Record]:
    """The latest decisions about what a member wrote."""
    return rows(session, _DECISIONS_ABOUT, of_author=author_id)


def is_approved(session: Session, thread_id: int, reply_id: int | None, revision: str) -> bool:
    """Whether moderators have approved this wording of a reply or, without one, of a thread."""
    of = {"of_thread": None if reply_id else thread_id, "of_reply": reply_id}
    return bool(rows(session, _APPROVED, of_revision=revision, **of))


def already_decided(session: Session, item_id: int) -> AlreadyDecided:
    """The refusal that tells how an item was decided."""
    found = decision(session, item_id)
    return AlreadyDecided(decision=decided(found) if found else None)


def decided(row: Record) -> dict[str, Any]:
    """A decision in plain values."""
    names = ("id", "item_id", "action", "reason", "decided_at", "moderator", "undone_at")
    return {"group": row.group_id, **{name: getattr(row, name) for name in names}}


_REMOVALS = (
    select(_DECISION.author_id, func.count().label("removals"))
    .where(
        _DECISION.author_id.in_(bindparam("ids", expanding=True)),
        _DECISION.action == REMOVE,
        UNDONE_AT.is_(None),
    )
    .group_by(_DECISION.author_id)
)
_APPROVED = (
    select(_DECISION.id)
    .join(table_of(ReviewItem), _ITEM.id == _DECISION.item_id)
    .where(
        or_(_ITEM.reply_id == bindparam("of_reply"), _ITEM.thread_id == bindparam("of_thread")),
        _DECISION.action == APPROVE,
        _DECISION.revision == bindparam("of_revision"),
        _DECISION.undone_at.is_(None),
    )
    .limit(1)
)
_DECISIONS: Select[Any] = select(
    *(c for c in _DECISION if c.key != "undone_at"),
    UNDONE_AT.label("undone_at"),
    table_of(Member).c.username.label("moderator"),
).outerjoin(table_of(Member), table_of(Member).c.id == _DECISION.moderator_id)
_DECISION_BY_ID = _DECISIONS.where(_DECISION.id == bindparam("of_decision"))
_DECISION_OF = (
    _DECISIONS.where(_DECISION.item_id == bindparam("of_item"), _DECISION.undone_at.is_(None))
    .order_by(_DECISION.id.desc())
    .limit(1)
)
_DECISIONS_ABOUT = (
    _DECISIONS.where(_DECISION.author_id == bindparam("of_author"))
    .order_by(_DECISION.id.desc())
    .limit(MOST_ACTIONS)
)
