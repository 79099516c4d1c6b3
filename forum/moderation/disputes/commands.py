"""Noticing that a path is in dispute, and bringing that before the moderators."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from forum.config import DisputeThresholds, settings_of
from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.many import insert_missing
from forum.core.pages import Record, rows
from forum.moderation.disputes.models import Dispute, Flip
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import DISPUTE, ReviewItem
from forum.replies.models import Reply

WEIGHT = 10

_REPLY, _ITEM, _FLIP = table_of(Reply).c, table_of(ReviewItem).c, table_of(Flip).c
_ABOUT = select(
    *(_REPLY.id, _REPLY.thread_id, _REPLY.visible, _REPLY.pinned_at),
    *(_REPLY.contested, _REPLY.bridge),
    (_REPLY.technical_ballots + _REPLY.management_ballots + _REPLY.neither_ballots).label("voters"),
).where(_REPLY.id == bindparam("of_id"))
_LATEST_ITEM = (
    select(_ITEM.decided_at)
    .where(_ITEM.reply_id == bindparam("of_id"), _ITEM.kind == DISPUTE)
    .order_by(_ITEM.id.desc())
    .limit(1)
)
_FLIPS = select(func.count()).where(
    _FLIP.reply_id == bindparam("of_id"),
    _FLIP.flipped_at > bindparam("since", type_=_FLIP.flipped_at.type),
)


def note_flip(session: Session, event_id: int, reply_id: int, at: datetime) -> None:
    """Remember that a path became another one, and forget when it did so long ago."""
    flip = {"event_id": event_id, "reply_id": reply_id, "flipped_at": at}
    execute(session, insert_missing(session, Flip).values(flip))
    old = _FLIP.flipped_at <= clock.now() - settings_of(session).disputes.within
    execute(session, delete(table_of(Flip)).where(_FLIP.reply_id == reply_id, old))


def look_at(session: Session, reply_id: int, at: datetime) -> None:
    """Take notice of whether the path of a reply is in dispute, as something happened to it."""
    reply = rows(session, _ABOUT, of_id=reply_id)[0]
    is_open, rests_until = _handled(session, reply_id)
    _follow(session, reply, at, None if is_open else rests_until)
    if not is_open and clock.now() >= rests_until:
        _raise_if_flipping(session, reply)


def look_again(session: Session, dispute_id: int) -> None:
    """Bring a reply before the moderators that has been contested for too long."""
    dispute = session.scalars(_locked(Dispute.id == dispute_id)).one()
    dispute.due_at = None
    reply = rows(session, _ABOUT, of_id=dispute.reply_id)[0]
    is_open, _ = _handled(session, reply.id)
    if dispute.contested_since and _is_contested(session, reply) and not is_open:
        since = dispute.contested_since.isoformat()
        _raise(session, reply, {"dispute": "contested", "since": since, "voters": reply.voters})


def _follow(session: Session, reply: Record, at: datetime, rests_until: datetime | None) -> None:
    """Keep since when a reply is contested; look again unless it is before moderators already."""
    if not _is_contested(session, reply):
        for dispute in session.scalars(_locked(Dispute.reply_id == reply.id)):
            dispute.contested_since = dispute.due_at = None
        session.flush()
        return
    execute(session, insert_missing(session, Dispute).values(reply_id=reply.id, attempts=0))
    dispute = session.scalars(_locked(Dispute.reply_id == reply.id)).one()
    dispute.contested_since = dispute.contested_since or at
    lasted = dispute.contested_since + _thresholds(session).lasting
    dispute.due_at = max(lasted, rests_until) if rests_until else None
    session.flush()


def _raise_if_flipping(session: Session, reply: Record) -> None:
    thresholds = _thresholds(session)
    since = clock.now() - thresholds.within
    flips = execute(session, _FLIPS, {"of_id": reply.id, "since": since}).scalar_one()
    if flips >= thresholds.flips and reply.visible and reply.pinned_at is None:
        _raise(session, reply, {"dispute": "flipping", "flips": flips})


def _raise(session: Session, reply: Record, why: dict[str, Any]) -> None:
    raise_item(session, Concern(DISPUTE, reply.thread_id, reply.id, WEIGHT, why))


def _handled(session: Session, reply_id: int) -> tuple[bool, datetime]:
    """Whether moderators are to decide about it already, and until when what they did rests."""
    found = rows(session, _LATEST_ITEM, of_id=reply_id)
    if not found:
        return False, clock.now()
    decided_at = found[0].decided_at
    if decided_at is None:
        return True, clock.now()
    return False, decided_at + _thresholds(session).within


def _is_contested(session: Session, reply: Record) -> bool:
    enough = reply.voters >= _thresholds(session).voters
    return bool(enough and reply.visible and reply.contested and not reply.bridge)


def _thresholds(session: Session) -> DisputeThresholds:
    return settings_of(session).disputes


def _locked(where: Any) -> Any:
    found = select(Dispute).where(where).with_for_update(key_share=True)
    return found.execution_options(populate_existing=True)
