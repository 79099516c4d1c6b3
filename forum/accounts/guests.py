"""Guests: people without an account, who are known by nothing but the address they confirm."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.errors import GuestNameTaken
from forum.accounts.events import GuestRecognised, ProfileChanged
from forum.accounts.models import GUEST, MAX_SKELETON, Member
from forum.accounts.names import is_reserved, skeleton
from forum.core import clock, outbox

NAMELESS = "Guest"
"""What a guest is called whose name has become a member's."""


@dataclass(frozen=True)
class NewGuest:
    """What somebody says of themselves who writes without an account."""

    name: str
    email: str | None = None


def add_guest(session: Session, data: NewGuest) -> Member:
    """Somebody new, whatever else was written under this name or address.

    Raises `GuestNameTaken`.
    """
    if is_reserved(data.name) or _is_members(session, data.name):
        raise GuestNameTaken(pointer="/guest/name")
    guest = Member(display_name=data.name, email=data.email, role=GUEST, created_at=clock.now())
    session.add(guest)
    session.flush()
    return guest


def of_address(session: Session, address: str) -> Member | None:
    """The guest who has confirmed an e-mail address."""
    return session.scalar(select(Member).where(Member.guest_key == address.lower()))


def recognise(session: Session, member_id: int) -> None:
    """Let a member have what they wrote as a guest, if there is any."""
    member, guest = aliased(Member), aliased(Member)
    same_address = select(guest.id).join(member, guest.guest_key == member.email_key)
    guest_id = session.scalar(same_address.where(member.id == member_id))
    if guest_id is not None:
        outbox.record(session, GuestRecognised(guest_id=guest_id, member_id=member_id))


def make_way(session: Session, member: Member) -> None:
    """Take their name from guests who could be taken for this member."""
    names = {member.name_skeleton, skeleton(member.username or "")}
    alike = select(Member).where(Member.role == GUEST, Member.name_skeleton.in_(names))
    for guest in session.scalars(alike):
        guest.display_name = NAMELESS
        outbox.record(session, ProfileChanged(member_id=guest.id))


def forget(guest: Member) -> None:
    """Keep nothing personal of a guest, whose texts are somebody else's now."""
    guest.display_name = guest.email = guest.guest_key = guest.email_confirmed_at = None
    guest.erased_at = clock.now()


def _is_members(session: Session, name: str) -> bool:
    alike = skeleton(name)[:MAX_SKELETON]
    looks = or_(Member.username_skeleton == alike, Member.name_skeleton == alike)
    return session.scalar(select(Member.id).where(looks, Member.role != GUEST).limit(1)) is not None
