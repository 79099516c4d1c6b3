"""That it is the member who asks, and nobody who has come by their session.

Asked for before what would let somebody else have the account, or end it.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import queries
from forum.accounts.errors import InvalidCredentials, SignInAgain
from forum.accounts.identity import Viewer
from forum.accounts.models import SignIn
from forum.accounts.passwords import verify_password
from forum.core import clock

RECENT = timedelta(minutes=10)
"""As long ago may a session have begun that stands in for a password."""


def require(session: Session, actor: Viewer, password: str | None) -> None:
    """Let go on who gives the member's password or, where they have none, has just signed in.

    Reads only, for hashing takes time. Raises `InvalidCredentials` or `SignInAgain`.
    """
    if queries.member_by_id(session, actor.id).password_hash is not None:
        require_password(session, actor, password or "")
    elif _signed_in_at(session, actor) < clock.now() - RECENT:
        raise SignInAgain


def require_password(session: Session, actor: Viewer, password: str) -> None:
    """Raise `InvalidCredentials` unless this is the member's password."""
    if not verify_password(queries.member_by_id(session, actor.id).password_hash, password):
        raise InvalidCredentials


def _signed_in_at(session: Session, actor: Viewer) -> datetime:
    return session.scalars(select(SignIn.created_at).where(SignIn.id == actor.sign_in_id)).one()
