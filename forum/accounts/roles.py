"""Giving roles: one at a time, so that an admin is always left."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts import policy, queries, sessions
from forum.accounts.errors import LastAdmin
from forum.accounts.events import ProfileChanged
from forum.accounts.identity import Viewer
from forum.accounts.models import ADMIN, Member
from forum.core import clock, outbox
from forum.core.db import one_at_a_time, table_of
from forum.core.errors import Forbidden

_MEMBER = table_of(Member).c


def lock(session: Session, member_id: int) -> Member:
    """A member whose role nobody else changes until this transaction is over."""
    one_at_a_time(session, "roles")
    return _as_now(session, member_id)


def give(session: Session, actor: Viewer | None, member_id: int, role: str) -> None:
    """Give a member a role, and end their sessions; `actor` None is the owner.

    Raises `Forbidden` or `LastAdmin`. Whoever has lost their own role just now gives no more.
    """
    member = lock(session, member_id)
    if actor is not None:
        _refuse_others(actor, _as_now(session, actor.id), member, role)
    if member.role == role:
        return
    if member.role == ADMIN:
        refuse_last_admin(session, member_id)
    member.role = role
    sessions.end_all(session, member_id)
    outbox.record(session, ProfileChanged(member_id=member_id))


def refuse_last_admin(session: Session, member_id: int) -> None:
    """Raise `LastAdmin` if no other admin is left who can sign in."""
    one_at_a_time(session, "roles")
    others = (_MEMBER.role == ADMIN, _MEMBER.id != member_id, queries.not_suspended(_MEMBER.id))
    if not session.scalars(select(func.count()).where(*others), {"now": clock.now()}).one():
        raise LastAdmin


def _refuse_others(actor: Viewer, now: Member, member: Member, role: str) -> None:
    if now.role != actor.role or not policy.may_give_role(actor, member.role, role):
        raise Forbidden


def _as_now(session: Session, member_id: int) -> Member:
    return session.get_one(
        Member, member_id, with_for_update={"key_share": True}, populate_existing=True
    )
