"""Reading accounts."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken, MemberNotFound
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import Member, SignIn
from forum.accounts.names import skeleton
from forum.core import clock

ERASED_USERNAME = "deleted-member"
ERASED_NAME = "deleted member"
"""What stands where the name of an erased member stood."""

AUTHOR_COLUMNS = (
    Member.username.label("author_username"),
    Member.display_name.label("author_display_name"),
    Member.role.label("author_role"),
)
"""What a list of texts selects of the members who wrote them."""


def find_for_login(session: Session, login: str) -> Member | None:
    """The member with this name or e-mail address."""
    known_by = or_(Member.username_skeleton == skeleton(login), Member.email_key == login.lower())
    candidates = session.scalars(select(Member).where(known_by)).all()
    names = (login.lower(),)
    exact = (m for m in candidates if (m.username or "").lower() in names or m.email_key in names)
    return next(exact, None)


def member_by_username(session: Session, username: str) -> Member:
    """The member with this name, in any case; raises `MemberNotFound`."""
    member = session.scalar(select(Member).where(Member.username_skeleton == skeleton(username)))
    if member is None or (member.username or "").lower() != username.lower():
        raise MemberNotFound
    return member


def member_by_id(session: Session, member_id: int) -> Member:
    """The member with this id; raises `MemberNotFound`."""
    member = session.get(Member, member_id)
    if member is None:
        raise MemberNotFound
    return member


def viewer_of_sign_in(session: Session, sign_in_id: int, member_id: int) -> Viewer:
    """Who a token of a session stands for; raises `InvalidToken` when the session is over."""
    found = session.scalar(
        select(Member)
        .join(SignIn, SignIn.member_id == Member.id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.member_id == member_id,
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > clock.now(),
            Member.erased_at.is_(None),
        )
    )
    if found is None:
        raise InvalidToken
    return viewer_of(found, sign_in_id)
