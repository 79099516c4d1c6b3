"""What there is to ask for in a loaded forum."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_jwt_extended import create_access_token
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.rows import HUGE_TITLE, page_url
from forum.accounts import sessions
from forum.app import create_app
from forum.core.db import db, writing
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

MEMBERS = 16
PAGE = 20
MOST_THREADS = 10_000
MOST_REPLIES = 2_000
SMALL = 100


@dataclass(frozen=True)
class Facts:
    """Ids of the threads with a full page, of the huge and a small one, and of replies.

    `deepest` is a reply in the huge thread with answers at the last level. `replies` pairs
    replies with their threads; none is by the members that `tokens` sign in.
    """

    threads: list[int]
    huge: int
    deepest: int
    small: int
    replies: list[tuple[int, int]]
    tokens: list[str]
    page_urls: list[str]


def find_facts(settings: Mapping[str, object]) -> Facts:
    """Look around in the forum with these settings, and sign some members in."""
    app = create_app({**settings, "FORUM_LOG_LEVEL": "WARNING"})
    with app.app_context(), writing():
        session = db.session()
        tokens = [_sign_in(session, member) for member in range(1, MEMBERS + 1)]
        session.commit()
        found = Facts(
            threads=_full_threads(session),
            huge=_huge_thread(session),
            deepest=_deepest(session),
            small=_small_thread(session),
            replies=_answerable(session),
            tokens=tokens,
            page_urls=[
                page_url(post)
                for post in session.scalars(select(Post.id).order_by(Post.id).limit(100))
            ],
        )
        session.rollback()
        db.engine.dispose()
    return found


def _sign_in(session: Session, member: int) -> str:
    claims = {"sid": sessions.begin(session, member).id}
    token: str = create_access_token(str(member), additional_claims=claims, expires_delta=False)
    return token


def _huge_thread(session: Session) -> int:
    return session.scalars(select(Thread.id).where(Thread.title == HUGE_TITLE)).one()


def _full_threads(session: Session) -> list[int]:
    """Threads in which a page of replies is full, but not the huge one."""
    query = (
        select(Reply.thread_id)
        .where(Reply.parent_id.is_(None), Reply.listed, Reply.thread_id != _huge_thread(session))
        .group_by(Reply.thread_id)
        .having(func.count() >= PAGE)
        .order_by(Reply.thread_id)
        .limit(MOST_THREADS)
    )
    return list(session.scalars(query))


def _deepest(session: Session) -> int:
    query = (
        select(Reply.parent_id)
        .where(Reply.thread_id == _huge_thread(session), Reply.parent_id.is_not(None))
        .group_by(Reply.parent_id)
        .order_by(func.max(Reply.depth).desc(), func.count().desc(), Reply.parent_id)
        .limit(1)
    )
    return int(session.scalars(query).one() or 0)


def _small_thread(session: Session) -> int:
    nearest = func.abs(Thread.reply_count - SMALL)
    return session.scalars(select(Thread.id).order_by(nearest, Thread.id).limit(1)).one()


def _answerable(session: Session) -> list[tuple[int, int]]:
    """The oldest visible replies that may be answered and voted on."""
    query = (
        select(Reply.id, Reply.thread_id)
        .where(Reply.visible, Reply.author_id > MEMBERS, Reply.depth < PAGE)
        .order_by(Reply.id)
        .limit(MOST_REPLIES)
    )
    return [(reply, thread) for reply, thread in session.execute(query)]
