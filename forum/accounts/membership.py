"""Members are there until they are erased, for good; erasure waits for whoever holds on to one.

Who asks is found out before the write begins, and may have left by then. So what opens an account,
is chosen for it or changes it asks here first, before it locks anything else of theirs. Replies and
judgements, of which there are too many, do not: erasure looks for them once more.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken
from forum.accounts.models import Member


def keep(session: Session, member_id: int) -> None:
    """The member is there until this transaction is over; asked before posts are locked.

    Any number may hold on to one at once. Raises `InvalidToken` for who has left.
    """
    there = select(Member.id).where(Member.id == member_id, Member.erased_at.is_(None))
    if session.scalar(there.with_for_update(read=True, key_share=True)) is None:
        raise InvalidToken


def lock(session: Session, member_id: int) -> Member:
    """The member as they are now, whom nobody else changes until this transaction is over.

    Raises `InvalidToken` for who has left.
    """
    return _locked(session, member_id, {"key_share": True})


def lock_for_erasure(session: Session, member_id: int) -> Member:
    """The same, once nobody holds on to them any more; and nobody else will.

    Asked before posts are locked: on PostgreSQL, who has written a text that refers to the member
    keeps their unique name from being changed, and goes on to lock the post.
    """
    return _locked(session, member_id, True)


def _locked(session: Session, member_id: int, how: Any) -> Member:
    member = session.get_one(Member, member_id, with_for_update=how, populate_existing=True)
    if member.erased_at is not None:
        raise InvalidToken
    return member
