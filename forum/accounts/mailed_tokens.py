"""Tokens that are mailed: who shows one reads what comes to the address, and may do one thing once.

A token is bound to a purpose, a member and an address that is theirs or is to become theirs.
"""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from forum.accounts import membership
from forum.accounts.errors import InvalidMailedToken, InvalidToken
from forum.accounts.models import MailedToken, Member
from forum.config import settings_of
from forum.core import clock
from forum.core.seals import seal, unseal
from forum.core.tokens import hash_of, new_token

CONFIRM, RESET, LINK, GUEST = "confirm", "reset", "link", "guest"
"""To confirm the address, to set a new password, to sign in; to confirm that of a guest."""

GOOD_FOR = {
    CONFIRM: timedelta(days=7),
    RESET: timedelta(days=1),
    LINK: timedelta(days=1),
    GUEST: timedelta(days=7),
}
"""Whoever registers may look into their mail at the weekend; the others wait for theirs."""

IN_A_LETTER = "a token that waits in a letter"


def issue(session: Session, purpose: str, member_id: int, address: str, lifetime: timedelta) -> str:
    """A token of 256 bits for an address of a member, as their row has it."""
    token, now = new_token(), clock.now()
    session.add(
        MailedToken(
            token_hash=hash_of(token),
            purpose=purpose,
            member_id=member_id,
            address=address,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()
    return token


def find(session: Session, purpose: str, token: str) -> MailedToken:
    """What a token is good for; raises `InvalidMailedToken`."""
    found = session.scalar(
        select(MailedToken)
        .join(Member, Member.id == MailedToken.member_id)
        .where(
            MailedToken.token_hash == hash_of(token),
            MailedToken.purpose == purpose,
            MailedToken.expires_at > clock.now(),
            Member.erased_at.is_(None),
            or_(Member.email == MailedToken.address, Member.new_email == MailedToken.address),
        )
    )
    if found is None:
        raise InvalidMailedToken(pointer="/token")
    return found


def redeem(session: Session, purpose: str, token: str) -> MailedToken:
    """Spend a token, of racing ones the first; raises `InvalidMailedToken`.

    The member is locked before their tokens, as by everybody who withdraws some.
    """
    found = find(session, purpose, token)
    with suppress(InvalidToken):  # the tokens of who has left are gone
        membership.lock(session, found.member_id)
    spent = delete(MailedToken).where(MailedToken.id == found.id).returning(MailedToken.id)
    if not session.execute(spent).all():
        raise InvalidMailedToken(pointer="/token")
    session.expunge(found)
    return found


def withdraw(session: Session, member_id: int, *purposes: str) -> None:
    """Let tokens of a locked member be good no more, of some purposes or of all."""
    doomed = delete(MailedToken).where(MailedToken.member_id == member_id)
    if purposes:
        doomed = doomed.where(MailedToken.purpose.in_(purposes))
    session.execute(doomed)


def for_letter(session: Session, token: str) -> str:
    """A token as the data of a letter that waits may hold it: sealed."""
    return seal(settings_of(session).secret_key, IN_A_LETTER, token)


def from_letter(session: Session, purpose: str, sealed: str) -> str | None:
    """The token that `for_letter` has sealed; None when it is good no more."""
    token: str = unseal(settings_of(session).secret_key, IN_A_LETTER, sealed)
    try:
        find(session, purpose, token)
    except InvalidMailedToken:
        return None
    return token


def forget_expired(session: Session) -> None:
    """Remove the tokens that are good no more by their age."""
    session.execute(delete(MailedToken).where(MailedToken.expires_at < clock.now()))
