"""Changing many replies at once, set by set."""

from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.accounts.identity import Viewer
from forum.core import clock
from forum.posts import commands as posts
from forum.replies import commands
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads import commands as threads
from forum.threads.models import Thread


def remove_below_post(session: Session, post_id: int, reason: str) -> None:
    """Remove all threads and replies below a post, whose numbers are zero afterwards."""
    now = clock.now()
    below_post = Reply.post_id == post_id
    _update(session, below_post, reply_count=0, child_count=0)  # and no votes from here on
    _take_back_standing(session, post_id)
    _update(session, below_post & Reply.visible, removed_at=now, removed_reason=reason)
    of_post = select(Thread.id).where(Thread.post_id == post_id)
    session.execute(delete(ThreadStance).where(ThreadStance.thread_id.in_(of_post)))
    session.execute(delete(PostStance).where(PostStance.post_id == post_id))
    threads.remove_below_post(session, post_id, reason)
    posts.reset_numbers(session, post_id)


def delete_all_of(session: Session, actor: Viewer) -> None:
    """Take back everything that `actor` wrote; locks it first, in the order in which others do."""
    written = (Reply.author_id == actor.id) & Reply.visible
    opened = (Thread.author_id == actor.id) & Thread.visible
    threads.lock_rows(session, opened | Thread.id.in_(select(Reply.thread_id).where(written)))
    replies = select(Reply.id).where(written).order_by(Reply.post_id, Reply.id)
    for reply_id in session.scalars(replies.with_for_update(key_share=True)).all():
        commands.delete(session, actor, commands.lock_with_thread(session, reply_id))
    own_threads = select(Thread.id).where(opened).order_by(Thread.post_id, Thread.id)
    for thread_id in session.scalars(own_threads).all():
        threads.delete(session, actor, threads.lock_row(session, thread_id))


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
