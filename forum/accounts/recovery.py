"""Getting back in: passwords that are changed or replaced, and signing in by a mailed link."""

from sqlalchemy.orm import Session

from forum.accounts import (
    access_tokens,
    commands,
    feed_tokens,
    letter_requests,
    letters,
    mailed_tokens,
    membership,
    presence,
    queries,
    sessions,
)
from forum.accounts.emails import confirm_address
from forum.accounts.errors import InvalidMailedToken
from forum.accounts.identity import Viewer
from forum.accounts.mailed_tokens import LINK, RESET
from forum.accounts.models import Member


def hash_for_reset(session: Session, token: str, password: str) -> str:
    """The hash of a new password, for who shows a mailed token.

    Only reads, for hashing takes time. Raises `InvalidMailedToken` or `WeakPassword`.
    """
    member_id = mailed_tokens.find(session, RESET, token).member_id
    return commands.accepted_hash(password, queries.member_by_id(session, member_id), "/password")


def reset(session: Session, token: str, password_hash: str) -> None:
    """Replace a forgotten password, and end whatever else opens the account.

    Raises `InvalidMailedToken`. Who holds the token reads what comes to the address, so that it is
    confirmed as well.
    """
    redeemed = mailed_tokens.redeem(session, RESET, token)
    member = queries.member_by_id(session, redeemed.member_id)
    if member.email_confirmed_at is None:
        confirm_address(session, member, redeemed.address)
    _set_password(session, member, password_hash)
    sessions.end_all(session, member.id)
    access_tokens.revoke_all(session, member.id)
    feed_tokens.revoke_all(session, member.id)


def hash_for_change(session: Session, actor: Viewer, password: str, new_password: str) -> str:
    """The hash of a new password, for who knows the old one.

    Only reads, for hashing takes time. Raises `InvalidCredentials` or `WeakPassword`.
    """
    presence.require_password(session, actor, password)
    member = queries.member_by_id(session, actor.id)
    return commands.accepted_hash(new_password, member, "/new_password")


def change(session: Session, actor: Viewer, password_hash: str) -> None:
    """Change one's own password, and sign out everywhere else; tokens of programs stay.

    Raises `InvalidToken` for who has left.
    """
    member = membership.lock(session, actor.id)
    _set_password(session, member, password_hash)
    sessions.end_all(session, member.id, but=actor.sign_in_id)


def redeem_link(session: Session, token: str) -> int:
    """Who signs in by a mailed token; raises `InvalidMailedToken`."""
    member_id = mailed_tokens.redeem(session, LINK, token).member_id
    if queries.is_suspended(session, member_id):
        raise InvalidMailedToken(pointer="/token")
    return member_id


def _set_password(session: Session, member: Member, password_hash: str) -> None:
    """Also ends what somebody else may have begun who knew the old one, and tells the owner."""
    member.password_hash = password_hash
    member.new_email = None
    mailed_tokens.withdraw(session, member.id, RESET, LINK)
    if member.email is not None:
        about = {"member": member.id}
        letter_requests.mail(session, letters.PASSWORD_CHANGED, member.email, about)
