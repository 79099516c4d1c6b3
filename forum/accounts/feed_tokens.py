"""Tokens by which a member's feed reader gets one private feed, and nothing else."""

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from forum.accounts.errors import FeedTokenNotFound, TooManyFeedTokens
from forum.accounts.identity import Viewer
from forum.accounts.models import FeedToken
from forum.core import clock
from forum.core.db import one_at_a_time
from forum.core.pages import Keyset, Order, Page, Position, Record
from forum.core.tokens import hash_of, new_token

MOST_TOKENS = 50
"""That a member may have at once."""

_TOKEN = FeedToken.__table__.c
_MINE = Keyset(
    select(_TOKEN.id, _TOKEN.feed, _TOKEN.created_at).where(
        _TOKEN.member_id == bindparam("of_member")
    ),
    Order((_TOKEN.id,)),
)


def issue(session: Session, actor: Viewer, feed: str) -> tuple[FeedToken, str]:
    """A token for a private feed, which is told this once; raises `TooManyFeedTokens`."""
    one_at_a_time(session, f"feed tokens of {actor.id}")
    mine = select(func.count()).where(FeedToken.member_id == actor.id)
    if session.scalars(mine).one() >= MOST_TOKENS:
        raise TooManyFeedTokens
    token = new_token()
    issued = FeedToken(
        member_id=actor.id, feed=feed, token_hash=hash_of(token), created_at=clock.now()
    )
    session.add(issued)
    session.flush()
    return issued, token


def tokens(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """The member's own, newest first."""
    return _MINE.page(session, after, limit, of_member=actor.id)


def token(session: Session, actor: Viewer, token_id: int) -> FeedToken:
    """One of the member's own; raises `FeedTokenNotFound`."""
    found = session.get(FeedToken, token_id)
    if found is None or found.member_id != actor.id:
        raise FeedTokenNotFound
    return found


def revoke(session: Session, actor: Viewer, token_id: int) -> None:
    """Let a token open nothing any more; raises `FeedTokenNotFound`."""
    mine = delete(FeedToken).where(FeedToken.id == token_id, FeedToken.member_id == actor.id)
    if not session.execute(mine.returning(FeedToken.id)).all():
        raise FeedTokenNotFound


def revoke_all(session: Session, member_id: int) -> None:
    """Let no token of a member open anything any more."""
    session.execute(delete(FeedToken).where(FeedToken.member_id == member_id))
