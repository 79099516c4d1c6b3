"""Showing that an address is one's own, and changing it."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts import bans, letter_requests, letters, mailed_tokens, membership, queries
from forum.accounts.errors import InvalidMailedToken
from forum.accounts.events import EmailConfirmed
from forum.accounts.identity import Viewer
from forum.accounts.mailed_tokens import CONFIRM
from forum.accounts.models import Member
from forum.core import clock, outbox


def confirm(session: Session, token: str) -> None:
    """Take the address that a mailed token came to for the member's; raises `InvalidMailedToken`.

    Of several who gave the same address only one can.
    """
    redeemed = mailed_tokens.redeem(session, CONFIRM, token)
    confirm_address(session, queries.member_by_id(session, redeemed.member_id), redeemed.address)


def confirm_address(session: Session, member: Member, address: str) -> None:
    """The same for a locked member who has shown in any way that the address is theirs.

    Raises `Banned` where mail of its domain is kept out.
    """
    bans.refuse_banned(session, None, address)
    if address != member.email:  # what was mailed to the old one is good no more
        mailed_tokens.withdraw(session, member.id)
    member.email, member.email_key = address, address.lower()
    member.unconfirmed_key = member.new_email = None
    member.email_confirmed_at = clock.now()
    try:
        session.flush()
    except IntegrityError as error:  # somebody else has confirmed it before
        raise InvalidMailedToken(pointer="/token") from error
    outbox.record(session, EmailConfirmed(member_id=member.id))


def ask_again(session: Session, actor: Viewer) -> None:
    """Mail another link to the address that the member has still to confirm, if there is one."""
    member = queries.member_by_id(session, actor.id)
    address = letter_requests.unconfirmed_address(member)
    if address is not None:
        letter_requests.ask_to_confirm(session, member, address)


def change(session: Session, actor: Viewer, address: str) -> Member:
    """Ask a new address whether it is the member's, and tell the old one.

    A confirmed address stays until the new one is confirmed, too. Raises `InvalidToken` for who has
    left.
    """
    member = membership.lock(session, actor.id)
    mailed_tokens.withdraw(session, member.id, CONFIRM)
    if member.email is not None:
        about = {"member": member.id}
        letter_requests.mail(session, letters.ADDRESS_CHANGES, member.email, about)
    if member.email_confirmed_at is None:
        member.email, member.unconfirmed_key = address, address.lower()
    else:
        member.new_email = address
    session.flush()
    letter_requests.ask_to_confirm(session, member, address)
    return member
