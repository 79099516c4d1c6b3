"""Declarations, ballots and pins. Each ends by resolving the reply's path anew."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.accounts import sanctions
from forum.accounts.errors import EmailNotConfirmed
from forum.accounts.identity import Viewer
from forum.accounts.models import BALLOTS, WRITING
from forum.accounts.policy import may_judge
from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.errors import Forbidden
from forum.paths import policy, queries
from forum.paths.errors import BallotsExist, SelfBallot
from forum.paths.events import BallotCast, PathChanged, PathDeclared, PathPinned, PinLifted
from forum.paths.models import Ballot, Pin
from forum.paths.resolve import PinnedPath, resolve
from forum.replies import commands as replies
from forum.replies.commands import PathState
from forum.replies.models import MANAGEMENT, NEITHER, TECHNICAL, Reply


def declare(session: Session, actor: Viewer, reply_id: int, path: str | None) -> None:
    """Say which path one's own reply speaks for; None clears.

    Raises `ReplyNotFound`, `ReplyIsGone`, `BallotsExist` or `Sanctioned`.
    """
    reply = _lock(session, reply_id)
    if not policy.may_declare(actor, reply):
        raise Forbidden
    sanctions.refuse_barred(actor, WRITING, reply.thread_id)
    if path == reply.declared:
        return
    if reply.technical_ballots or reply.management_ballots or reply.neither_ballots:
        raise BallotsExist
    outbox.record(session, PathDeclared(*reply.place, path))
    _resolve_again(session, reply, declared=path)


def cast_ballot(session: Session, actor: Viewer, reply_id: int, path: str | None) -> None:
    """Say what the path of somebody else's reply is; None withdraws the ballot.

    Raises `ReplyNotFound`, `ReplyIsGone`, `SelfBallot`, `EmailNotConfirmed` or `Sanctioned`.
    """
    if not may_judge(actor, settings_of(session).judging_needs_confirmed_email):
        raise EmailNotConfirmed
    sanctions.refuse_barred(actor, BALLOTS)
    reply = _lock(session, reply_id)
    if reply.author_id == actor.id:
        raise SelfBallot
    if _replace_ballot(session, reply_id, actor.id, path):
        outbox.record(session, BallotCast(*reply.place, actor.id, path))
        _resolve_again(session, reply, declared=reply.declared)


def pin(
    session: Session, actor: Viewer, reply_id: int, path: str | None, reason: str, at: datetime
) -> None:
    """Settle the path of a reply whatever the ballots say; replaces an earlier pin."""
    reply = _lock_for_pin(session, actor, reply_id)
    _lift_pins(session, reply_id)
    session.add(
        Pin(reply_id=reply_id, moderator_id=actor.id, path=path, reason=reason, pinned_at=at)
    )
    replies.set_pin(session, reply, path, reason, at)
    outbox.record(session, PathPinned(*reply.place, actor.id, path))
    _resolve_again(session, reply, declared=reply.declared)


def lift_pin(session: Session, actor: Viewer, reply_id: int) -> None:
    """Let ballots and declaration decide again; without a pin nothing changes."""
    reply = _lock_for_pin(session, actor, reply_id)
    if reply.pinned_at is None:
        return
    _lift_pins(session, reply_id)
    replies.set_pin(session, reply, None, None, None)
    outbox.record(session, PinLifted(*reply.place, actor.id))
    _resolve_again(session, reply, declared=reply.declared)


def path_state(session: Session, reply: Reply, declared: str | None) -> PathState:
    """What the rows of a reply say about its path: the truth that its columns keep a copy of."""
    ballots = queries.count_ballots(session, reply.id)
    pinned = PinnedPath(reply.pinned_path) if reply.pinned_at else None
    found = resolve(declared, ballots, pinned, settings_of(session).thresholds)
    return PathState(
        declared=declared,
        technical_ballots=ballots.get(TECHNICAL, 0),
        management_ballots=ballots.get(MANAGEMENT, 0),
        neither_ballots=ballots.get(NEITHER, 0),
        path=found.path,
        path_source=found.source,
        contested=found.contested,
        bridge=found.bridge,
    )


def _resolve_again(session: Session, reply: Reply, declared: str | None) -> None:
    before = reply.path
    state = path_state(session, reply, declared)
    replies.set_path_state(session, reply, state)
    if state.path != before:
        changed = PathChanged(*reply.place, before, state.path, state.path_source)
        outbox.record(session, changed)


def _lock(session: Session, reply_id: int) -> Reply:
    reply = replies.lock_with_thread(session, reply_id)
    replies.require_visible(reply)
    return reply


def _lock_for_pin(session: Session, actor: Viewer, reply_id: int) -> Reply:
    if not policy.may_pin(actor):
        raise Forbidden
    return _lock(session, reply_id)


def _lift_pins(session: Session, reply_id: int) -> None:
    session.execute(
        update(Pin)
        .where(Pin.reply_id == reply_id, Pin.lifted_at.is_(None))
        .values(lifted_at=clock.now())
    )


def _replace_ballot(session: Session, reply_id: int, member_id: int, path: str | None) -> bool:
    """Store or remove the ballot; whether that changed anything."""
    key = {"reply_id": reply_id, "member_id": member_id}
    ballot = session.get(Ballot, key, populate_existing=True)
    if path == (ballot.path if ballot else None):
        return False
    if ballot is None:
        session.add(Ballot(**key, path=path, cast_at=clock.now()))
    elif path is None:
        session.delete(ballot)
    else:
        ballot.path, ballot.cast_at = path, clock.now()
    session.flush()
    return True
