"""Changing many replies at once, set by set."""

from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core import clock
from forum.posts import commands as posts
from forum.replies import turns
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads import commands as threads
from forum.threads.models import Thread


def remove_below_post(session: Session, post_id: int, reason: str) -> None:
    """Remove all threads and replies below a post, whose numbers are zero afterwards."""
    now = clock.now()
    below_post = Reply.post_id == post_id
    _update(session, below_post, reply_count=0, child_count=0)  # and no votes from here on
    _take_back_standing(session, post_id)
    times = turns.on_hiding_many(now)
    _update(session, below_post & Reply.visible, removed_at=now, removed_reason=reason, **times)
    of_post = select(Thread.id).where(Thread.post_id == post_id)
    session.execute(delete(ThreadStance).where(ThreadStance.thread_id.in_(of_post)))
    session.execute(delete(PostStance).where(PostStance.post_id == post_id))
    threads.remove_below_post(session, post_id, reason)
    posts.reset_numbers(session, post_id)


def _take_back_standing(session: Session, post_id: int) -> None:
    def score_on(path: str) -> Any:
        return func.coalesce(func.sum(case((Reply.path == path, Reply.score), else_=0)), 0)

    rows = session.execute(
        select(
            Reply.author_id,
            score_on(TECHNICAL).label("technical"),
            score_on(MANAGEMENT).label("management"),
        )
        .where(Reply.post_id == post_id, Reply.visible)
        .group_by(Reply.author_id)
        .order_by(Reply.author_id)
    ).all()
    for row in rows:
        accounts.move_standing(session, row.author_id, -row.technical, -row.management)


def _update(session: Session, where: Any, **values: Any) -> None:
    session.execute(
        update(Reply).where(where).values(values).execution_options(synchronize_session=False)
    )
