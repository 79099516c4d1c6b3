"""Sanctions as moderators impose and lift them, each in a group of the audit log."""

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts import sanctions
from forum.accounts.identity import Viewer
from forum.accounts.models import Member, Sanction
from forum.accounts.sanctions import NewSanction
from forum.core.errors import Forbidden
from forum.moderation import acting, policy
from forum.moderation.acting import Group
from forum.moderation.errors import RankTooHigh, SanctionIsLifted
from forum.moderation.facets import Facet, Values, register
from forum.threads import queries as threads
from forum.threads.errors import ThreadNotFound

IN_FORCE: Values = {"lifted": False}
LIFTED: Values = {"lifted": True}


def impose_on(session: Session, actor: Viewer, username: str, data: NewSanction) -> Sanction:
    """Impose a sanction by itself; raises `MemberNotFound` and what `impose` does."""
    member = accounts.member_by_username(session, username)
    return impose(session, acting.begin(session, actor, data.reason), actor, member, data)


def impose(
    session: Session, group: Group, actor: Viewer, member: Member, data: NewSanction
) -> Sanction:
    """Impose a sanction as part of what a moderator does.

    Raises `Forbidden`, `RankTooHigh`, `Invalid` or, in no thread, `ThreadNotFound`.
    """
    _require_rank(actor, member)
    sanction = sanctions.draft(session, actor, member.id, data)
    if data.thread_id is not None:
        _require_thread(session, data.thread_id)
    group.change(SANCTION_LIFTED, sanction.id, IN_FORCE, f"sanction.{data.kind}")
    return sanction


def lift(session: Session, actor: Viewer, sanction_id: int, reason: str | None) -> None:
    """Let a sanction hold no more; raises `SanctionNotFound`, `RankTooHigh`, `SanctionIsLifted`."""
    sanction = sanctions.lock(session, sanction_id)
    _require_rank(actor, accounts.member_by_id(session, sanction.member_id))
    if sanction.lifted_at is not None:
        raise SanctionIsLifted
    acting.begin(session, actor, reason).change(
        SANCTION_LIFTED, sanction_id, LIFTED, "sanction.lift"
    )


def _require_rank(actor: Viewer, member: Member) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
    if not policy.may_sanction(actor, member):
        raise RankTooHigh


def _require_thread(session: Session, thread_id: int) -> None:
    try:
        threads.thread(session, thread_id)
    except ThreadNotFound as error:
        raise ThreadNotFound(pointer="/thread_id") from error


def _is_lifted(session: Session, sanction_id: int) -> Values:
    return {"lifted": sanctions.lock(session, sanction_id).lifted_at is not None}


def _set_lifted(session: Session, actor: Viewer | None, sanction_id: int, values: Values) -> None:
    sanction = sanctions.lock(session, sanction_id)
    if actor is not None:
        _require_rank(actor, accounts.member_by_id(session, sanction.member_id))
    sanctions.set_lifted(session, sanction, values["lifted"])


def _sanctioned(session: Session, sanction_id: int) -> int:
    return accounts.sanction(session, sanction_id).member_id


SANCTION_LIFTED = register(Facet("sanction.lifted", _is_lifted, _set_lifted, _sanctioned))
"""Whether a sanction is lifted; one that is being imposed comes into being so."""
