"""What follows from the replies for threads, posts and members, counted set by set."""

from typing import Any

from sqlalchemy import Connection, Table, case, func, insert, or_, select, update

from forum.accounts.models import Member
from forum.core.db import table_of
from forum.posts.models import Post
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads.gap import GAPS
from forum.threads.models import Thread

_KINDS = ("technical", "management", "bridge")


def settle(connection: Connection) -> None:
    """Store stances, balances, counts, times of activity and standings."""
    _stances_in_threads(connection)
    _stances_below_posts(connection)
    _threads(connection)
    _posts(connection)
    for table, key in ((Thread, ThreadStance.thread_id), (Post, PostStance.post_id)):
        _balances(connection, table.__table__, key)
    _gaps(connection)
    _standings(connection)


def _stances_in_threads(connection: Connection) -> None:
    alone = ~Reply.bridge
    counts = (
        _number(alone & (Reply.path == TECHNICAL)),
        _number(alone & (Reply.path == MANAGEMENT)),
        _number(Reply.bridge),
    )
    key = (Reply.thread_id, Reply.author_id)
    taken = (Reply.visible, or_(Reply.path.is_not(None), Reply.bridge))
    found = select(*key, *counts).where(*taken).group_by(*key)
    names = ["thread_id", "author_id", *_KINDS]
    connection.execute(insert(ThreadStance).from_select(names, found))


def _stances_below_posts(connection: Connection) -> None:
    key = (Thread.post_id, ThreadStance.author_id)
    counts = (func.sum(getattr(ThreadStance, kind)) for kind in _KINDS)
    found = select(*key, *counts).join(Thread, Thread.id == ThreadStance.thread_id).group_by(*key)
    names = ["post_id", "author_id", *_KINDS]
    connection.execute(insert(PostStance).from_select(names, found))


def _threads(connection: Connection) -> None:
    counts = {
        "reply_count": func.count(),
        "last_reply_at": func.max(Reply.created_at),
    }
    _store(connection, Thread.__table__, Reply.thread_id, counts, Reply.visible)


def _posts(connection: Connection) -> None:
    counts = {
        "thread_count": func.count(),
        "reply_count": func.sum(Thread.reply_count),
        "last_activity_at": func.max(Thread.active_at),
    }
    _store(connection, Post.__table__, Thread.post_id, counts)


def _balances(connection: Connection, table: Any, key: Any) -> None:
    stance = key.class_
    half = (stance.bridge > 0, 1)
    counts = {
        "technical_halves": func.sum(case((stance.technical > 0, 2), half, else_=0)),
        "management_halves": func.sum(case((stance.management > 0, 2), half, else_=0)),
        "bridge_authors": _number(stance.bridge > 0),
    }
    _store(connection, table, key, counts)


def _gaps(connection: Connection) -> None:
    threads = table_of(Thread)
    for gap in GAPS:
        entering = update(threads).where(threads.c[f"in_{gap}"], threads.c.visible)
        connection.execute(entering.values({f"{gap}_entered_at": threads.c.active_at}))


def _standings(connection: Connection) -> None:
    counts = {
        "technical_standing": func.sum(case((Reply.path == TECHNICAL, Reply.score), else_=0)),
        "management_standing": func.sum(case((Reply.path == MANAGEMENT, Reply.score), else_=0)),
    }
    _store(connection, Member.__table__, Reply.author_id, counts, Reply.visible)


def _store(
    connection: Connection, table: Any, key: Any, counts: dict[str, Any], *where: Any
) -> None:
    """Set columns of each row of `table` to what is counted among the rows whose `key` it is."""
    counting = select(key.label("of"), *(number.label(name) for name, number in counts.items()))
    found = counting.where(*where).group_by(key).subquery()
    into: Table = table
    values = {name: found.c[name] for name in counts}
    connection.execute(update(into).where(into.c.id == found.c.of).values(values))


def _number(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
