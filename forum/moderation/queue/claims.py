"""Claims: an item is one moderator's for ten minutes, by the clock of the database.

Each change of a claim is one conditional UPDATE. Moderators who ask for the next item at the same
moment do not wait for each other.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import ADMIN, MODERATOR, Member
from forum.core import audit
from forum.core.db import table_of
from forum.core.elements import DatabaseTime
from forum.core.pages import rows
from forum.moderation import acting
from forum.moderation.queue import decisions_made, queries
from forum.moderation.queue.errors import ClaimHeld, LeftToOthers, StaleClaim
from forum.moderation.queue.models import ReviewItem

LEASE_SECONDS = 600


@dataclass(frozen=True)
class Claim:
    """Of which item, with which number, until when."""

    item_id: int
    seq: int
    expires_at: datetime


def claim_next(session: Session, actor: Viewer) -> Claim | None:
    """Claim the most urgent item that nobody has; None if there is none."""
    found = rows(session, _CLAIM_NEXT, by=actor.id)
    if not found:
        audit.append_nothing(session)
        return None
    return _logged(session, actor, "queue.claim", found[0])


def claim(session: Session, actor: Viewer, item_id: int) -> Claim:
    """Claim an item anew; raises `ItemNotFound`, `AlreadyDecided`, `ClaimHeld`, `LeftToOthers`."""
    found = rows(session, _CLAIM, of_item=item_id, by=actor.id)
    if not found:
        _refuse(session, item_id)
    return _logged(session, actor, "queue.claim", found[0])


def take_over(session: Session, actor: Viewer, item_id: int) -> Claim:
    """Claim an item that somebody else may have; raises `ItemNotFound`, `AlreadyDecided`."""
    earlier = queries.standing(session, item_id)
    found = rows(session, _TAKE_OVER, of_item=item_id, by=actor.id)
    if not found:
        _refuse(session, item_id)
    return _logged(session, actor, "queue.take-over", found[0], held_by=earlier.holder)


def extend(session: Session, actor: Viewer, item_id: int, seq: int | None) -> Claim:
    """Ten minutes more from now, while the claim holds; raises `StaleClaim`."""
    found = rows(session, _EXTEND, of_item=item_id, by=actor.id, of_seq=seq)
    if not found:
        _refuse_stale(session, item_id)
    return _logged(session, actor, "queue.extend", found[0])


def release(session: Session, actor: Viewer, item_id: int, seq: int | None) -> None:
    """Leave an item to others; raises `StaleClaim`."""
    found = rows(session, _RELEASE, of_item=item_id, by=actor.id, of_seq=seq)
    if not found:
        _refuse_stale(session, item_id)
    acting.begin(session, actor).log("queue.release", f"item:{item_id}")


def _logged(session: Session, actor: Viewer, action: str, found: Any, **private: Any) -> Claim:
    claimed = Claim(found.id, found.claim_seq, found.claimed_until)
    known = {"claim_seq": claimed.seq, **private}
    acting.begin(session, actor).log(action, f"item:{claimed.item_id}", private=known)
    return claimed


def _refuse(session: Session, item_id: int) -> None:
    item = queries.standing(session, item_id)
    if item.decided_at is not None:
        raise decisions_made.already_decided(session, item_id)
    if item.is_claimed:
        raise ClaimHeld(holder=item.holder, expires_at=item.claimed_until)
    raise LeftToOthers


def _refuse_stale(session: Session, item_id: int) -> None:
    item = queries.standing(session, item_id)
    if item.decided_at is not None:
        raise decisions_made.already_decided(session, item_id)
    raise StaleClaim


_ITEMS = table_of(ReviewItem)
_ITEM, _MEMBER = _ITEMS.c, table_of(Member).c
_ME: ColumnElement[int] = bindparam("by", type_=_ITEM.claimed_by_id.type)
_OTHERS = select(_MEMBER.id).where(
    _MEMBER.role.in_((MODERATOR, ADMIN)), _MEMBER.id != _ME, _MEMBER.erased_at.is_(None)
)
_OPEN = _ITEM.decided_at.is_(None)
_IS_FREE = or_(_ITEM.claimed_until.is_(None), _ITEM.claimed_until <= DatabaseTime())
_MAY_DECIDE = or_(_ITEM.not_for_id.is_(None), _ITEM.not_for_id != _ME, ~_OTHERS.exists())
_IS_MINE = and_(
    _ITEM.claimed_by_id == _ME,
    _ITEM.claimed_until > DatabaseTime(),
    _ITEM.claim_seq == func.coalesce(bindparam("of_seq", type_=Integer), _ITEM.claim_seq),
)


def _update(*where: ColumnElement[bool], **values: Any) -> Any:
    changed = update(_ITEMS).where(*where, _OPEN).values(values)
    return changed.returning(_ITEM.id, _ITEM.claim_seq, _ITEM.claimed_until)


def _claim(*where: ColumnElement[bool]) -> Any:
    return _update(
        *where,
        claimed_by_id=_ME,
        claimed_until=DatabaseTime(LEASE_SECONDS),
        claim_seq=_ITEM.claim_seq + 1,
    )


_OF_ITEM = _ITEM.id == bindparam("of_item")
_NEXT = (
    select(_ITEM.id)
    .where(_OPEN, _IS_FREE, _MAY_DECIDE)
    .order_by(_ITEM.urgency, _ITEM.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=_ITEMS)
    .cte("next")
)
_CLAIM_NEXT = _claim(_ITEM.id.in_(select(_NEXT.c.id)))
_CLAIM = _claim(_OF_ITEM, or_(_IS_FREE, _ITEM.claimed_by_id == _ME), _MAY_DECIDE)
_TAKE_OVER = _claim(_OF_ITEM, _MAY_DECIDE)
_EXTEND = _update(_OF_ITEM, _IS_MINE, claimed_until=DatabaseTime(LEASE_SECONDS))
_RELEASE = _update(_OF_ITEM, _IS_MINE, claimed_by_id=None, claimed_until=None)
