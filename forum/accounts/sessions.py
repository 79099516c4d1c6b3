"""Sessions: each begins with somebody signing in, and is a family of refresh tokens."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from forum.accounts import guests, membership, queries
from forum.accounts.errors import InvalidToken, SessionNotFound, TokenReused
from forum.accounts.identity import Viewer
from forum.accounts.models import SignIn
from forum.config import settings_of
from forum.core import clock
from forum.core.pages import Keyset, Order, Page, Position, Record

LONGEST_AGENT = 80
"""That much of a user agent tells its owner which program it was."""

_SIGN_IN = SignIn.__table__.c
_MINE = Keyset(
    select(_SIGN_IN.id, _SIGN_IN.created_at, _SIGN_IN.last_used_at, _SIGN_IN.user_agent).where(
        _SIGN_IN.member_id == bindparam("of_member"),
        _SIGN_IN.revoked_at.is_(None),
        _SIGN_IN.expires_at > bindparam("now"),
    ),
    Order((_SIGN_IN.id,)),
)


def begin(session: Session, member_id: int, user_agent: str = "") -> SignIn:
    """Begin a family of refresh tokens, and let the member have what they wrote as a guest."""
    now = clock.now()
    begun = SignIn(
        member_id=member_id,
        refresh_id=str(uuid4()),
        user_agent=user_agent[:LONGEST_AGENT],
        created_at=now,
        last_used_at=now,
        expires_at=now + timedelta(days=settings_of(session).refresh_token_days),
    )
    session.add(begun)
    session.flush()
    guests.recognise(session, member_id)
    return begun


def rotate(session: Session, member_id: int, sign_in_id: int, refresh_id: str) -> SignIn:
    """Spend a refresh token of a member for the next one of its family.

    Raises `TokenReused`, and ends the session, when it was spent before, and `InvalidToken` when
    the session is over or its member suspended or gone.
    """
    membership.keep(session, member_id)
    of_member = (SignIn.id == sign_in_id, SignIn.member_id == member_id)
    locked = select(SignIn).where(*of_member).with_for_update()
    found = session.scalar(locked.execution_options(populate_existing=True))
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now():
        raise InvalidToken if found is None or found.refresh_id == refresh_id else TokenReused
    if found.refresh_id != refresh_id:
        found.revoked_at = clock.now()
        raise TokenReused
    if queries.is_suspended(session, found.member_id):
        raise InvalidToken
    found.refresh_id = str(uuid4())
    found.last_used_at = clock.now()
    return found


def sessions(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """The member's own that go on, newest first; used when their tokens were last renewed."""
    return _MINE.page(session, after, limit, of_member=actor.id, now=clock.now())


def end(session: Session, actor: Viewer, sign_in_id: int | None) -> None:
    """Let no token of one of the member's own sessions be good; raises `SessionNotFound`."""
    if not _end(session, SignIn.member_id == actor.id, SignIn.id == sign_in_id):
        raise SessionNotFound


def end_all(session: Session, member_id: int, but: int | None = None) -> None:
    """End the sessions of a member, perhaps but for the one they use now."""
    others = SignIn.id != but if but is not None else SignIn.id.is_not(None)
    _end(session, SignIn.member_id == member_id, others)


def forget_all(session: Session, member_id: int) -> None:
    """End the sessions of a member, and remove what they were used with."""
    session.execute(delete(SignIn).where(SignIn.member_id == member_id))


def forget_expired(session: Session) -> None:
    """Remove the sessions whose last token has expired."""
    session.execute(delete(SignIn).where(SignIn.expires_at < clock.now()))


def _end(session: Session, *which: ColumnElement[bool]) -> bool:
    """Whether there was one."""
    going_on = (SignIn.revoked_at.is_(None), SignIn.expires_at > clock.now())
    ended = update(SignIn).where(*which, *going_on).values(revoked_at=clock.now())
    return bool(session.scalars(ended.returning(SignIn.id)).all())
