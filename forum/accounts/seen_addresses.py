"""From where members sign in and guests write: keyed hashes of addresses, and not for long."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import SeenAddress
from forum.core import clock
from forum.core.many import store

KEPT_FOR = timedelta(days=90)


def see(session: Session, member_id: int, address_hash: str) -> None:
    """Somebody has come from an address."""
    seen = {"member_id": member_id, "address_hash": address_hash, "seen_at": clock.now()}
    store(session, SeenAddress, seen)


def of_member(session: Session, member_id: int) -> Sequence[str]:
    """All addresses of a member or guest that are still known."""
    seen = select(SeenAddress.address_hash).where(SeenAddress.member_id == member_id)
    return session.scalars(seen).all()


def hand_over(session: Session, giver_id: int, taker_id: int) -> None:
    """Let a guest's addresses be those of who they turn out to be."""
    known = select(SeenAddress.address_hash).where(SeenAddress.member_id == taker_id)
    of_giver = (SeenAddress.member_id == giver_id, SeenAddress.address_hash.not_in(known))
    session.execute(update(SeenAddress).where(*of_giver).values(member_id=taker_id))
    forget_member(session, giver_id)


def forget_member(session: Session, member_id: int) -> None:
    """Destroy what is known of where somebody came from."""
    session.execute(delete(SeenAddress).where(SeenAddress.member_id == member_id))


def forget_old(session: Session) -> None:
    """Remove the addresses that nobody has come from for long."""
    is_old = SeenAddress.seen_at < clock.now() - KEPT_FOR
    session.execute(delete(SeenAddress).where(is_old))
