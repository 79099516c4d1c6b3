"""What is new for a member's feed reader: what others answered them, but for those they mute."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken
from forum.accounts.models import REPLIES_TO_ME, FeedToken
from forum.accounts.queries import not_suspended
from forum.core import clock
from forum.core.pages import Within
from forum.core.tokens import hash_of
from forum.notifications.queries import is_muted
from forum.replies.scopes import News, Scope, Window, named
from forum.replies.streams import AUTHOR, MEMBER, REPLY, replies


def to_holder(session: Session, window: Window, token: str) -> News:
    """What is said to the member who holds a token for it; raises `InvalidToken`."""
    return _TO_HOLDER.news(session, window, token_hash=hash_of(token), now=clock.now())


_TOKEN = FeedToken.__table__.c
_SHOWN = (_TOKEN.token_hash == bindparam("token_hash"), _TOKEN.feed == REPLIES_TO_ME)
_HOLDER_ID = select(_TOKEN.member_id).where(*_SHOWN).scalar_subquery()
_TO_HOLDER = Scope(
    named(id=MEMBER.id, created_at=MEMBER.created_at, **AUTHOR)
    .join(FeedToken.__table__, _TOKEN.member_id == MEMBER.id)
    .where(*_SHOWN, MEMBER.erased_at.is_(None), not_suspended(_TOKEN.member_id)),
    replies(Within(REPLY.answered_id, _HOLDER_ID), ~is_muted(REPLY.answered_id, REPLY.author_id)),
    missing=InvalidToken,
)
