"""Closing items and, when a decision is undone, opening them again: a facet of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.pages import Record, rows
from forum.moderation.facets import Facet, Values, register
from forum.moderation.queue import decisions_made, queries, targets
from forum.moderation.queue.errors import OpenAgain
from forum.moderation.queue.models import (
    AGREED,
    DISMISSED,
    TARGETS,
    Decision,
    Evidence,
    ReviewItem,
)
from forum.moderation.queue.policy import ACTED
from forum.moderation.queue.targets import Target

_ITEMS, _DECISIONS, _PIECES = (table_of(t) for t in (ReviewItem, Decision, Evidence))


def lock_item(session: Session, item_id: int) -> tuple[Record, Target | None]:
    """An item and what it is about, which everybody locks first; raises `ItemNotFound`."""
    target = targets.locked(session, queries.standing(session, item_id))
    execute(session, _LOCK, {"of_item": item_id})
    return queries.standing(session, item_id), target


def outcome_of(action: str) -> str:
    """What an action makes of the evidence that it decides about."""
    return AGREED if action in ACTED else DISMISSED


def judge_again(session: Session, group_id: int) -> None:
    """Say anew what became of the evidence that was decided about in a group of the log."""
    for decision in rows(session, _DECIDED_IN, of_group=group_id):
        _judge(session, decision.item_id, decision.evidence_seq, _outcome(decision))


def _outcome(decision: Record) -> str:
    """Whoever brought the evidence was wrong if the decision is reversed on appeal."""
    return DISMISSED if decision.reversed_at else outcome_of(decision.action)


def raise_later_evidence(session: Session, item: Record, seen_seq: int) -> None:
    """Let a new item open with the evidence of a decided one that its moderator has not seen."""
    (later,) = rows(session, _LATER, of_item=item.id, seen=seen_seq)
    if not later.pieces:
        return
    opened = {
        "kind": item.kind,
        **{target: getattr(item, target) for target in TARGETS},
        "opened_at": later.opened_at,
        "weight": later.weight,
        "evidence_seq": later.latest,
        "claim_seq": 0,
    }
    new_id = execute(session, insert(_ITEMS).values(opened).returning(_ITEMS.c.id)).scalar_one()
    moved = {"of_item": item.id, "seen": seen_seq}
    execute(session, _MOVE, moved | {"new_item": new_id})
    execute(session, _WEIGH_LESS, moved | {"less": later.weight})


def _read(session: Session, item_id: int) -> Values:
    item, _ = lock_item(session, item_id)
    found = decisions_made.decision(session, item_id) if item.decided_at else None
    return {"decision": found.id if found else None}


def _write(session: Session, _actor: Viewer | None, item_id: int, values: Values) -> None:
    if values["decision"] is None:
        _reopen(session, item_id)
    else:
        _close(session, item_id, values["decision"])


def _close(session: Session, item_id: int, decision_id: int) -> None:
    (decision,) = rows(session, _DECIDED, of_decision=decision_id)
    execute(session, _SET_UNDONE, {"of_decision": decision_id, "at": None})
    _judge(session, item_id, decision.evidence_seq, _outcome(decision))
    execute(session, _SET_DECIDED, {"of_item": item_id, "at": decision.decided_at})


def _reopen(session: Session, item_id: int) -> None:
    item, decision = queries.standing(session, item_id), decisions_made.decision(session, item_id)
    if decision is None:
        return
    if rows(session, _OPEN_ABOUT, of_kind=item.kind, **{t: getattr(item, t) for t in TARGETS}):
        raise OpenAgain
    execute(session, _SET_UNDONE, {"of_decision": decision.id, "at": clock.now()})
    _judge(session, item_id, decision.evidence_seq, None)
    execute(session, _SET_DECIDED, {"of_item": item_id, "at": None})


def _judge(session: Session, item_id: int, seen_seq: int, outcome: str | None) -> None:
    execute(session, _SET_OUTCOME, {"of_item": item_id, "seen": seen_seq, "new": outcome})


def _same(names: Sequence[str]) -> list[Any]:
    return [_ITEMS.c[name].is_not_distinct_from(bindparam(name)) for name in names]


_OF_ITEM = _ITEMS.c.id == bindparam("of_item")
_LOCK = select(_ITEMS.c.id).where(_OF_ITEM).with_for_update(key_share=True)
_OPEN_ABOUT = select(_ITEMS.c.id).where(
    _ITEMS.c.kind == bindparam("of_kind"), _ITEMS.c.decided_at.is_(None), *_same(TARGETS)
)
_LATER_PIECES = (
    _PIECES.c.item_id == bindparam("of_item"),
    _PIECES.c.seq > bindparam("seen"),
)
_LATER = select(
    func.count().label("pieces"),
    func.sum(_PIECES.c.weight).label("weight"),
    func.min(_PIECES.c.at).label("opened_at"),
    func.max(_PIECES.c.seq).label("latest"),
).where(*_LATER_PIECES)
_MOVE = update(_PIECES).where(*_LATER_PIECES).values(item_id=bindparam("new_item"))
_WEIGH_LESS = update(_ITEMS).where(_OF_ITEM).values(weight=_ITEMS.c.weight - bindparam("less"))
_WITH_APPEAL = select(*_DECISIONS.c, decisions_made.REVERSED_AT.label("reversed_at"))
_DECIDED = _WITH_APPEAL.where(_DECISIONS.c.id == bindparam("of_decision"))
_DECIDED_IN = _WITH_APPEAL.where(
    _DECISIONS.c.group_id == bindparam("of_group"), _DECISIONS.c.undone_at.is_(None)
)
_SET_UNDONE = (
    update(_DECISIONS)
    .where(_DECISIONS.c.id == bindparam("of_decision"))
    .values(undone_at=bindparam("at"))
)
_SET_DECIDED = (
    update(_ITEMS)
    .where(_OF_ITEM)
    .values(decided_at=bindparam("at"), claimed_by_id=None, claimed_until=None)
)
_SET_OUTCOME = (
    update(_PIECES)
    .where(_PIECES.c.item_id == bindparam("of_item"), _PIECES.c.seq <= bindparam("seen"))
    .values(outcome=bindparam("new"))
)


def _author_of(session: Session, item_id: int) -> int | None:
    author_id: int | None = queries.item(session, item_id).author_id
    return author_id


ITEM_DECISION = register(Facet("item.decision", _read, _write, _author_of))
