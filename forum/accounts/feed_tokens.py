"""Tokens by which a member's feed reader gets one private feed, and nothing else."""

from dataclasses import replace

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from forum.accounts import membership
from forum.accounts.errors import FeedTokenNotFound, InvalidToken, TooManyFeedTokens
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import QUEUE, FeedToken, Member
from forum.accounts.queries import lacks_second_factor, not_suspended
from forum.core import clock
from forum.core.db import one_at_a_time, table_of
from forum.core.errors import Forbidden
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
    """A token for a private feed, which is told this once.

    Raises `TooManyFeedTokens`, `Forbidden` for the queue of the moderators, and `InvalidToken` for
    who has left.
    """
    if feed == QUEUE and not actor.is_moderator:
        raise Forbidden
    membership.keep(session, actor.id)
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


def holder(session: Session, token: str, feed: str) -> Viewer:
    """The member whose token for a feed it is; raises `InvalidToken`, also for the suspended."""
    held = (FeedToken.token_hash == hash_of(token), FeedToken.feed == feed)
    of_token = select(Member).join(FeedToken, FeedToken.member_id == Member.id).where(*held)
    able = (Member.erased_at.is_(None), not_suspended(table_of(Member).c.id))
    member = session.scalar(of_token.where(*able), {"now": clock.now()})
    if member is None:
        raise InvalidToken
    return replace(viewer_of(member), lacks_second_factor=lacks_second_factor(session, member))


def revoke(session: Session, actor: Viewer, token_id: int) -> None:
    """Let a token open nothing any more; raises `FeedTokenNotFound`."""
    mine = delete(FeedToken).where(FeedToken.id == token_id, FeedToken.member_id == actor.id)
    if not session.execute(mine.returning(FeedToken.id)).all():
        raise FeedTokenNotFound


def revoke_all(session: Session, member_id: int) -> None:
    """Let no token of a member open anything any more."""
    session.execute(delete(FeedToken).where(FeedToken.member_id == member_id))
