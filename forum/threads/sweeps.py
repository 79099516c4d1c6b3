"""Changing many threads at once."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from forum.core import clock, counters, many
from forum.core.lifecycle import each_visibility
from forum.posts import sweeps as posts
from forum.posts.models import Post
from forum.threads import turns
from forum.threads.models import Thread, ThreadRevision


def destroy(session: Session, author_id: int, thread_ids: Collection[int]) -> Counter[int]:
    """Destroy what `author_id` wrote in opening some locked threads.

    Gives how many of each post were visible; they are not yet counted there.
    """
    opened = (Thread.author_id == author_id) & many.among(session, Thread.id, thread_ids)
    visible = Counter(session.scalars(select(Thread.post_id).where(opened, Thread.visible)))
    now = clock.now()
    destroyed = {"title": None, "body": "", "body_html": "", "purged_at": now}
    disappear, stay_hidden = each_visibility(Thread)
    for visibility, times in ((disappear, turns.on_hiding_many(now)), (stay_hidden, {})):
        of_author = update(Thread).where(opened, visibility, Thread.purged_at.is_(None))
        destroy = of_author.values(destroyed | times)
        session.execute(destroy.execution_options(synchronize_session=False))
    of_destroyed = ThreadRevision.thread_id.in_(select(Thread.id).where(opened))
    session.execute(
        delete(ThreadRevision).where(of_destroyed).execution_options(synchronize_session=False)
    )
    return visible


def count(session: Session, changes: Mapping[int, Mapping[str, int]]) -> None:
    """Add to the numbers of locked threads, by id and column."""
    counters.add_to_each(session, Thread, changes, also=turns.on_counting)


def set_last_reply(session: Session, times: Mapping[int, datetime | None]) -> None:
    """Say when the latest visible reply was written in each locked thread."""
    many.put(session, Thread, "last_reply_at", times)


def settle_activity_of_posts(session: Session, post_ids: Collection[int]) -> None:
    """Find the latest activity below locked posts again after something disappeared."""
    latest = select(func.max(Thread.active_at)).where(Thread.post_id == Post.id, Thread.listed)
    found = select(Post.id, latest.correlate(Post).scalar_subquery())
    found = found.where(many.among(session, Post.id, post_ids))
    posts.set_last_activity(session, {row.id: row[1] for row in session.execute(found)})
