"""Guests: people without an account, who are known by nothing but the address they confirm.

Each text has a guest of its own, until the link in a mail shows whose it is.
"""

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from forum.accounts import mailed_tokens
from forum.accounts.errors import GuestNameTaken
from forum.accounts.events import (
    GuestConfirmed,
    GuestForgotten,
    GuestRecognised,
    ProfileChanged,
)
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import GUEST, MAX_SKELETON, SLOW, MailedToken, Member, SeenAddress
from forum.accounts.names import bare_skeleton, is_reserved, skeleton
from forum.accounts.queries import all_sanctions_among, with_sanctions
from forum.core import clock, outbox
from forum.core.db import one_at_a_time, table_of
from forum.core.pages import rows

MOST_EARLIER = 100
"""Guests before a new one who are looked for: what slows somebody down looks no further back."""
MOST_FORGOTTEN = 1_000
"""At once, for on SQLite others wait for it; the next time more."""
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


def viewer(session: Session, guest: Member, comes_from: str | None) -> Viewer:
    """The viewer that a new guest is, as slow as those who wrote from the same address before."""
    found = rows(session, _AT_ADDRESS, seen=comes_from, besides=guest.id, now=clock.now())
    slow = tuple(s for s in all_sanctions_among(found) if s.kind == SLOW)
    earlier = tuple({row.id for row in found})
    return replace(viewer_of(guest), sanctions=slow, earlier=earlier)


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
    """Keep no address that nobody has confirmed while a link could have been good."""
    now = clock.now()
    is_guests = (MailedToken.member_id == Member.id, MailedToken.purpose == mailed_tokens.GUEST)
    late = select(Member.id).where(
        *(Member.username.is_(None), Member.email.is_not(None)),
        *(Member.email_confirmed_at.is_(None), Member.role == GUEST),
        Member.created_at < now - mailed_tokens.GOOD_FOR[mailed_tokens.GUEST],
        ~exists().where(*is_guests, MailedToken.expires_at >= now),
    )
    some = late.order_by(Member.created_at, Member.id).limit(MOST_FORGOTTEN)
    forgotten = update(Member).where(Member.id.in_(some)).values(email=None).returning(Member.id)
    for guest_id in session.scalars(forgotten.execution_options(synchronize_session=False)).all():
        outbox.record(session, GuestForgotten(guest_id=guest_id))


def forget(guest: Member) -> None:
    """Keep nothing personal of a guest, whose texts are somebody else's now."""
    guest.display_name = guest.email = guest.guest_key = guest.email_confirmed_at = None
    guest.erased_at = clock.now()


_SEEN, _WRITER = table_of(SeenAddress).c, table_of(Member).c
_AT_ADDRESS = with_sanctions(
    select(_WRITER.id)
    .join(table_of(SeenAddress), _SEEN.member_id == _WRITER.id)
    .where(
        _SEEN.address_hash == bindparam("seen"),
        _SEEN.member_id != bindparam("besides"),
        _WRITER.role == GUEST,
    )
    .order_by(_SEEN.seen_at.desc(), _SEEN.member_id.desc())
    .limit(MOST_EARLIER)
)


def _is_members(session: Session, name: str) -> bool:
    alike = {skeleton(name)[:MAX_SKELETON], bare_skeleton(name)[:MAX_SKELETON]}
    looks = or_(Member.username_skeleton.in_(alike), Member.name_skeleton.in_(alike))
    return session.scalar(select(Member.id).where(looks, Member.role != GUEST).limit(1)) is not None
