"""Figures about moderation, counted from rows: how old the queue is, how soon and how well it is
decided.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core import clock
from forum.core.db import table_of
from forum.core.pages import Record, rows
from forum.moderation.queue.decisions_made import UNDONE_AT
from forum.moderation.queue.models import AGREED, DISMISSED, Decision, Evidence, ReviewItem

MOST_DECIDED = 10_000
"""The latest items whose waiting is looked at."""


@dataclass(frozen=True)
class Waiting:
    """How long items waited until somebody first decided about them; seconds, None of none."""

    items: int
    median_seconds: float | None
    p90_seconds: float | None


def queue_age(session: Session) -> list[Record]:
    """By kind, what is open: how many items, and since when the oldest."""
    return rows(session, _AGE)


def first_action(session: Session, days: int) -> Waiting:
    """How long those items waited that were first decided about within so many days."""
    found = rows(session, _FIRST_DECIDED, since=_since(days))
    waited = sorted((row.decided_at - row.opened_at).total_seconds() for row in found)
    return Waiting(len(waited), _part(waited, 50), _part(waited, 90))


def by_moderator(session: Session, days: int) -> list[Record]:
    """Of each moderator: decisions within so many days, and how many do not stand any more."""
    return rows(session, _BY_MODERATOR, since=_since(days))


def by_rule(session: Session, days: int) -> list[Record]:
    """Of each watch rule: what it caught within so many days that moderators have judged."""
    return rows(session, _BY_RULE, since=_since(days))


def _since(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


def _part(waited: Sequence[float], percent: int) -> float | None:
    """The waiting that so many percent did not exceed."""
    if len(waited) < 2:
        return waited[0] if waited else None
    return statistics.quantiles(waited, n=100, method="inclusive")[percent - 1]


_ITEM, _EVIDENCE, _DECISION = (table_of(t).c for t in (ReviewItem, Evidence, Decision))
_MEMBER = table_of(Member).c
_AGE = (
    select(_ITEM.kind, func.count().label("open"), func.min(_ITEM.opened_at).label("oldest_at"))
    .where(_ITEM.decided_at.is_(None))
    .group_by(_ITEM.kind)
    .order_by(_ITEM.kind)
)
_FIRST_DECIDED = (
    select(_ITEM.opened_at, func.min(_DECISION.decided_at).label("decided_at"))
    .join(table_of(Decision), _DECISION.item_id == _ITEM.id)
    .group_by(_ITEM.id, _ITEM.opened_at)
    .having(func.min(_DECISION.decided_at) >= bindparam("since"))
    .order_by(_ITEM.id.desc())
    .limit(MOST_DECIDED)
)
_BY_MODERATOR = (
    select(
        _MEMBER.username.label("moderator"),
        func.count().label("decisions"),
        func.count(UNDONE_AT).label("reversed"),
    )
    .select_from(table_of(Decision))
    .outerjoin(table_of(Member), _MEMBER.id == _DECISION.moderator_id)
    .where(_DECISION.decided_at >= bindparam("since"))
    .group_by(_DECISION.moderator_id, _MEMBER.username)
    .order_by(func.count().desc(), _MEMBER.username)
)
_BY_RULE = (
    select(
        _EVIDENCE.rule_id,
        *(
            func.count().filter(_EVIDENCE.outcome == outcome).label(outcome)
            for outcome in (AGREED, DISMISSED)
        ),
    )
    .where(
        _EVIDENCE.rule_id.is_not(None),
        _EVIDENCE.outcome.is_not(None),
        _EVIDENCE.at >= bindparam("since"),
    )
    .group_by(_EVIDENCE.rule_id)
    .order_by(_EVIDENCE.rule_id)
)
