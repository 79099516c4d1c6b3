"""Guests: people without an account, who are known by nothing but the address they confirm.

Each text has a guest of its own, until the link in a mail shows whose it is.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from forum.accounts import mailed_tokens
from forum.accounts.errors import GuestNameTaken
from forum.accounts.events import GuestConfirmed, GuestRecognised, ProfileChanged
from forum.accounts.models import GUEST, MAX_SKELETON, MailedToken, Member
from forum.accounts.names import bare_skeleton, is_reserved, skeleton
from forum.core import clock, outbox
from forum.core.db import one_at_a_time

NAMELESS = "Guest"
"""What a guest is called whose name has become a member's."""

_MEMBER, _GUEST = aliased(Member), aliased(Member)
_GUEST_OF_ADDRESS = (
    select(_GUEST.id)
    .join(_MEMBER, _GUEST.guest_key == _MEMBER.email_key)
    .where(_MEMBER.id == bindparam("of_member"))
)


@dataclass(frozen=True)
class NewGuest:
    """What somebody says of themselves who writes without an account."""

    name: str
    email: str | None = None
    comes_from: str | None = None
    """The keyed hash of the network address."""


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


def confirm(session: Session, token: str) -> None:
    """Take the address that a mailed token came to for the guest's.

    Whoever has confirmed it before is the same person. Raises `InvalidMailedToken`.
    """
    redeemed = mailed_tokens.redeem(session, mailed_tokens.GUEST, token)
    one_at_a_time(session, f"guest {redeemed.address.lower()}")
    guest, known = (
        session.get_one(Member, redeemed.member_id),
        of_address(session, redeemed.address),
    )
    if known is None:
        guest.guest_key = redeemed.address.lower()
        guest.email_confirmed_at = clock.now()
        session.flush()
        outbox.record(session, GuestConfirmed(guest_id=guest.id))
    else:
        outbox.record(session, GuestRecognised(guest_id=guest.id, member_id=known.id))


def recognise(session: Session, member_id: int) -> None:
    """Let a member have what they wrote as a guest, if there is any."""
    guest_id = session.scalar(_GUEST_OF_ADDRESS, {"of_member": member_id})
    if guest_id is not None:
        outbox.record(session, GuestRecognised(guest_id=guest_id, member_id=member_id))


def make_way(session: Session, member: Member) -> None:
    """Take their name from guests who could be taken for this member."""
    names = {member.name_skeleton, skeleton(member.username or "")}
    alike = select(Member).where(Member.role == GUEST, Member.name_skeleton.in_(names))
    for guest in session.scalars(alike):
        guest.display_name = NAMELESS
        outbox.record(session, ProfileChanged(member_id=guest.id))


def forget_unconfirmed(session: Session) -> None:
    """Keep no address that nobody has confirmed while the link in the mail was good."""
    late = select(MailedToken.member_id).where(
        MailedToken.purpose == mailed_tokens.GUEST, MailedToken.expires_at < clock.now()
    )
    unconfirmed = update(Member).where(Member.id.in_(late), Member.email_confirmed_at.is_(None))
    session.execute(unconfirmed.values(email=None).execution_options(synchronize_session=False))


def forget(guest: Member) -> None:
    """Keep nothing personal of a guest, whose texts are somebody else's now."""
    guest.display_name = guest.email = guest.guest_key = guest.email_confirmed_at = None
    guest.erased_at = clock.now()


def _is_members(session: Session, name: str) -> bool:
    alike = {skeleton(name)[:MAX_SKELETON], bare_skeleton(name)[:MAX_SKELETON]}
    looks = or_(Member.username_skeleton.in_(alike), Member.name_skeleton.in_(alike))
    return session.scalar(select(Member.id).where(looks, Member.role != GUEST).limit(1)) is not None
