"""Changing accounts."""

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts import (
    access_tokens,
    bans,
    feed_tokens,
    guests,
    letter_requests,
    mailed_tokens,
    membership,
    queries,
    roles,
    second_factor,
    seen_addresses,
    sessions,
)
from forum.accounts.errors import (
    EmailTaken,
    InvalidCredentials,
    UsernameTaken,
    WeakPassword,
)
from forum.accounts.events import MemberErased, MemberRegistered, ProfileChanged
from forum.accounts.identity import Viewer, caller_name
from forum.accounts.models import ADMIN, MEMBER, Identity, Member
from forum.accounts.names import is_reserved, skeleton
from forum.accounts.passwords import hash_password, verify_password, weakness
from forum.core import clock, idempotency, outbox
from forum.core.db import execute, reading_apart, table_of
from forum.core.mail import outgoing as mail


@dataclass(frozen=True)
class NewMember:
    """What a person gives to get an account."""

    username: str
    email: str | None = None
    password: str | None = None
    display_name: str | None = None
    comes_from: str | None = None
    """The hash of a network address; None for whom the owner or another site lets in."""


def register(session: Session, data: NewMember) -> Member:
    """Open an account; raises `UsernameTaken` or `WeakPassword`.

    Whether its address is somebody's already, only a mail to the address tells. Raises `Banned` for
    who is kept out.
    """
    with reading_apart():  # the password is hashed before the write begins
        bans.refuse_banned(session, data.comes_from, data.email)
    if is_reserved(data.username):
        raise UsernameTaken(pointer="/username")
    member = add_member(session, data)
    if data.comes_from:
        seen_addresses.see(session, member.id, data.comes_from)
    if member.email:
        letter_requests.ask_to_confirm(session, member, member.email)
    return member


def add_member(
    session: Session, data: NewMember, role: str = MEMBER, email_confirmed: bool = False
) -> Member:
    """Add an account as the owner may: any name that is free, any role, even without a password.

    Raises `UsernameTaken` or `WeakPassword`, and `EmailTaken` for a confirmed address of another.
    """
    password_hash = None
    if data.password is not None:
        password_hash = accepted_hash(data.password, data, "/password")
    _refuse_taken(session, data, email_confirmed)
    now, key = clock.now(), data.email.lower() if data.email else None
    member = Member(
        username=data.username,
        username_skeleton=skeleton(data.username),
        display_name=data.display_name or data.username,
        email=data.email,
        email_key=key if email_confirmed else None,
        unconfirmed_key=None if email_confirmed else key,
        email_confirmed_at=now if email_confirmed else None,
        password_hash=password_hash,
        role=role,
        created_at=now,
    )
    session.add(member)
    try:
        session.flush()
    except IntegrityError as error:  # lost a race for the name or the address
        taken = EmailTaken if "email_key" in str(error.orig) else UsernameTaken
        raise taken from error
    guests.make_way(session, member)
    outbox.record(session, MemberRegistered(member_id=member.id))
    return member


def sign_in(session: Session, login: str, password: str) -> Member:
    """The member who proves to be one; raises `InvalidCredentials`.

    Reads only, so that no lock is held while the password is hashed.
    """
    member = queries.find_for_login(session, login)
    if not verify_password(member.password_hash if member else None, password) or member is None:
        raise InvalidCredentials
    return member


def change_profile(session: Session, actor: Viewer, display_name: str) -> Member:
    """Change what the member shows of themselves; raises `InvalidToken` for who has left."""
    member = membership.lock(session, actor.id)
    member.display_name = display_name
    guests.make_way(session, member)
    outbox.record(session, ProfileChanged(member_id=member.id))
    return member


def accepted_hash(password: str, owner: NewMember | Member, pointer: str) -> str:
    """The hash of a new password; raises `WeakPassword`, which points at it."""
    reason = weakness(password, [owner.username or "", owner.email or "", owner.display_name or ""])
    if reason:
        raise WeakPassword(reason, pointer=pointer)
    return hash_password(password)


def lock_for_erasure(session: Session, member_id: int) -> Member:
    """Wait for what the member does just now, and let nothing new begin.

    Raises `LastAdmin`, and `InvalidToken` for who has left already.
    """
    if queries.member_by_id(session, member_id).role == ADMIN:
        roles.refuse_last_admin(session, member_id)
    return membership.lock_for_erasure(session, member_id)


def erase(session: Session, member: Member, content: str) -> None:
    """Destroy what is personal about a locked member, whose account nothing opens any more."""
    withdraw_access(session, member.id)
    if member.email and member.email_confirmed_at:  # what others are mailed there is not theirs
        mail.forget_address(session, member.email)
    member.username = member.username_skeleton = member.display_name = None
    member.email = member.email_key = member.unconfirmed_key = member.new_email = None
    member.email_confirmed_at = member.password_hash = None
    member.avatar_url = None
    member.role = MEMBER
    member.erased_at = clock.now()
    outbox.record(session, MemberErased(member_id=member.id, content=content))


def withdraw_access(session: Session, member_id: int) -> None:
    """Let nothing open the account of a member any more, and forget what was answered to them."""
    idempotency.forget_owner(session, caller_name(member_id))
    letter_requests.forget_member(session, member_id)
    mailed_tokens.withdraw(session, member_id)
    sessions.forget_all(session, member_id)
    access_tokens.revoke_all(session, member_id)
    second_factor.remove(session, member_id)
    feed_tokens.revoke_all(session, member_id)
    seen_addresses.forget_member(session, member_id)
    session.execute(delete(Identity).where(Identity.member_id == member_id))


def move_standing(session: Session, member_id: int, technical: int, management: int) -> None:
    """Add to the votes a member has received on each path."""
    if technical or management:
        moved = {"member": member_id, "more_technical": technical, "more_management": management}
        execute(session, _MOVE_STANDING, moved)


_TABLE = table_of(Member)
_MOVE_STANDING = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("member"))
    .values(
        technical_standing=_TABLE.c.technical_standing + bindparam("more_technical"),
        management_standing=_TABLE.c.management_standing + bindparam("more_management"),
    )
)
_ANY_ALIKE = select(exists().where(_TABLE.c.username_skeleton == bindparam("looks")))


def _refuse_taken(session: Session, data: NewMember, email_confirmed: bool) -> None:
    if session.scalar(_ANY_ALIKE, {"looks": skeleton(data.username)}):
        raise UsernameTaken(pointer="/username")
    if email_confirmed and data.email and queries.confirmed_holder(session, data.email):
        raise EmailTaken(pointer="/email")
