"""Accounts of those who sign in with another site, known by issuer and subject alone."""

import re
import secrets
from collections.abc import Iterator
from datetime import datetime

from slugify import slugify
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forum.accounts import bans, guests, membership, queries, roles, ways_in
from forum.accounts.commands import NewMember, add_member
from forum.accounts.emails import confirm_address
from forum.accounts.errors import Banned, InvalidMailedToken, SignInRefused
from forum.accounts.events import ProfileChanged
from forum.accounts.models import ADMIN, MEMBER, MODERATOR, Member, SpentToken
from forum.accounts.names import USERNAME_PATTERN, is_reserved, skeleton
from forum.accounts.vouching import Vouched
from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.db import execute, one_at_a_time
from forum.core.many import insert_missing

_LONGEST_BASE = 24
"""Of a username, which leaves room for a number."""
_NAMELESS = "reader"


def sign_in(session: Session, vouched: Vouched, comes_from: str | None = None) -> Member:
    """The member whom a site vouches for; a new one the first time.

    The profile of an account that was opened so is as the site tells. Raises `SignInRefused` for
    who is suspended, `InvalidToken` for who has left just now, and `Banned` for somebody new who
    comes from a banned address, a hash of which is given.
    """
    identity = ways_in.locked(session, vouched)
    if identity is None:
        bans.refuse_banned(session, comes_from, vouched.email)
        member = _open_account(session, vouched)
    else:
        member = queries.member_by_id(session, identity.member_id)
        if queries.is_suspended(session, member.id):
            raise SignInRefused
    if identity is None or identity.opened_account:
        _take_over(session, member, vouched)
    return member


def spend(session: Session, issuer: str, token_id: str, until: datetime) -> None:
    """Let a token sign nobody in again; raises `SignInRefused` if it has signed somebody in."""
    row = {"issuer": issuer, "token_id": token_id, "expires_at": until}
    spent = insert_missing(session, SpentToken).values(row).returning(SpentToken.token_id)
    if execute(session, spent).first() is None:
        raise SignInRefused("The token was used before.")


def forget_spent(session: Session) -> None:
    """Remove the tokens that have expired since they were spent."""
    session.execute(delete(SpentToken).where(SpentToken.expires_at < clock.now()))


def _open_account(session: Session, vouched: Vouched) -> Member:
    username = _free_username(session, vouched.username or vouched.name or _NAMELESS)
    member = add_member(session, NewMember(username, display_name=vouched.name))
    ways_in.add(session, member.id, vouched, opened_account=True)
    return member


def _take_over(session: Session, member: Member, vouched: Vouched) -> None:
    """Have the profile that the site tells."""
    if settings_of(session).sso_roles and vouched.role in {MEMBER, MODERATOR, ADMIN}:
        _give_role(session, member.id, vouched.role)
    session.flush()  # the row is read again
    membership.lock(session, member.id)
    _rename(session, member, vouched.name)
    member.avatar_url = vouched.avatar_url
    if vouched.email:
        _confirm_address(session, member, vouched.email)
    session.flush()


def _free_username(session: Session, wanted: str) -> str:
    """A username like the one that is wanted which nobody has, or one that looks like it."""
    one_at_a_time(session, "usernames by other sites")
    candidates = {skeleton(name): name for name in _like(wanted) if not is_reserved(name)}
    taken = select(Member.username_skeleton).where(Member.username_skeleton.in_(candidates))
    for alike in session.scalars(taken):
        candidates.pop(str(alike), None)
    return next(iter(candidates.values()))


def _like(wanted: str) -> Iterator[str]:
    if re.fullmatch(USERNAME_PATTERN, wanted):
        yield wanted
    base = slugify(wanted)[:_LONGEST_BASE].strip("-")
    for start in (base or _NAMELESS, _NAMELESS):
        if len(start) > 1:
            yield start
        yield from (f"{start}-{number}" for number in range(2, 10))
        yield f"{start}-{secrets.token_hex(3)}"


def _rename(session: Session, member: Member, name: str | None) -> None:
    if name and name != member.display_name:
        member.display_name = name
        guests.make_way(session, member)
        outbox.record(session, ProfileChanged(member_id=member.id))


def _give_role(session: Session, member_id: int, role: str) -> None:
    """As the site says, but nobody becomes or ceases to be an admin by it."""
    if roles.lock(session, member_id).role != ADMIN:
        roles.give(session, None, member_id, MEMBER if role == MEMBER else MODERATOR)


def _confirm_address(session: Session, member: Member, email: str) -> None:
    """Take an address for the locked member's own, unless it is somebody's already or kept out."""
    if queries.confirmed_holder(session, email):
        return
    try:
        with session.begin_nested():
            confirm_address(session, member, email)
    except (Banned, InvalidMailedToken):  # the second where somebody else was faster
        session.refresh(member)
