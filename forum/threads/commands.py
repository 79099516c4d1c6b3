"""Changing threads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select, update
from sqlalchemy.orm import Session

from forum.accounts import membership, sanctions
from forum.accounts.identity import Viewer
from forum.accounts.models import WRITING
from forum.core import clock, counters, outbox, ranking
from forum.core.db import execute, table_of
from forum.core.errors import Forbidden
from forum.core.lifecycle import change, is_visible, was_never_seen
from forum.core.markdown import render
from forum.posts import commands as posts
from forum.threads import policy, turns
from forum.threads.errors import ThreadIsGone, ThreadIsLocked, ThreadNotFound
from forum.threads.events import ThreadDeleted, ThreadEdited, ThreadHeld, ThreadOpened
from forum.threads.models import Thread, ThreadRevision


@dataclass(frozen=True)
class NewThread:
    """What a conversation starts with; `html` is the body, if somebody has rendered it before."""

    body: str
    title: str | None = None
    html: str | None = None


def open_thread(
    session: Session, actor: Viewer, slug: str, data: NewThread, *, held: bool = False
) -> Thread:
    """Start a conversation below a post.

    What is `held` counts nowhere, and is told to nobody until it is let go. Raises `PostNotFound`,
    `Sanctioned`, or `InvalidToken` for who has left.
    """
    if not policy.may_open(actor):
        raise Forbidden
    sanctions.refuse_barred(actor, WRITING)
    html = data.html or render(data.body)
    membership.keep(session, actor.id)
    post = posts.find_for_change(session, slug)
    now = clock.now()
    thread = Thread(
        post_id=post.id,
        author_id=actor.id,
        title=data.title,
        body=data.body,
        body_html=html,
        created_at=now,
        held_at=now if held else None,
        hot=ranking.hot(0, now.timestamp()),
    )
    session.add(thread)
    session.flush()
    if not held:
        posts.count(session, post.id, {"thread_count": 1}, now)
    outbox.record(session, (ThreadHeld if held else ThreadOpened)(*thread.place))
    return thread


def edit(session: Session, actor: Viewer, thread: Thread, changes: dict[str, Any]) -> None:
    """Change title or body of a locked row, `body_html` with the body; keep what it said.

    Of what waits and nobody has seen nothing is kept. Raises `ThreadIsGone` or `Sanctioned`.
    """
    if not policy.may_edit(actor, thread):
        raise Forbidden
    sanctions.refuse_barred(actor, WRITING, thread.id)
    if policy.may_edit_unseen(actor, thread):
        change(thread, changes)
        session.flush()
        return
    require_visible(thread)
    changed = {name: value for name, value in changes.items() if value != getattr(thread, name)}
    if not changed:
        return
    now = clock.now()
    session.add(
        ThreadRevision(
            thread_id=thread.id,
            title=thread.title,
            body=thread.body,
            body_html=thread.body_html,
            written_at=thread.edited_at or thread.created_at,
            replaced_at=now,
        )
    )
    change(thread, {**changed, "edited_at": now})
    session.flush()
    outbox.record(session, ThreadEdited(*thread.place))


def delete(session: Session, actor: Viewer, thread: Thread) -> None:
    """Take back one's own thread; what was answered stays below a tombstone."""
    if not policy.is_author(actor, thread):
        raise Forbidden
    hide(session, thread, deleted_at=clock.now())
    outbox.record(session, ThreadDeleted(*thread.place))


def hide(session: Session, thread: Thread, **facts: Any) -> None:
    """Record facts that make a visible thread invisible; raises `ThreadIsGone`."""
    require_visible(thread)
    set_facts(session, thread, **facts)


def set_facts(session: Session, thread: Thread, **facts: Any) -> None:
    """Record facts of a thread's life, or with None take them back, and count accordingly.

    What is seen for the first time then was opened now, as those are told who follow.
    Raises `ThreadIsGone` for what is a reply in another one by now.
    """
    if thread.moved_to_id is not None:
        raise ThreadIsGone
    was_visible, is_new, now = is_visible(thread), was_never_seen(thread), clock.now()
    change(thread, facts)
    appears = is_visible(thread)
    if appears == was_visible:
        session.flush()
        return
    change(
        thread,
        turns.on_appearing(thread, is_new, now) if appears else turns.on_hiding(thread, now),
    )
    session.flush()
    posts.count(session, thread.post_id, {"thread_count": 1 if appears else -1})
    settle_post_activity(session, thread.post_id)
    if appears and is_new:
        outbox.record(session, ThreadOpened(*thread.place))


def set_lock(session: Session, thread: Thread, reason: str | None, at: datetime | None) -> None:
    """Store why a thread may not be answered, and since when; `at` None: it may."""
    change(thread, {"locked_at": at, "locked_reason": reason})
    session.flush()


def set_pinned(session: Session, thread: Thread, pinned: bool) -> None:
    """Store whether a thread comes before the others of its post."""
    thread.pinned = pinned
    session.flush()


def set_pace(session: Session, thread: Thread, seconds: int | None) -> None:
    """Store how many seconds lie between two replies of a member in a thread, at least."""
    thread.slow_seconds = seconds
    session.flush()


def put_below(session: Session, thread: Thread, post_id: int) -> None:
    """Store that a thread stands below another post, and count it there; both posts are locked."""
    left_id = thread.post_id
    change(thread, {"post_id": post_id, "left_post_id": left_id, "left_post_at": clock.now()})
    session.flush()
    if thread.visible:
        posts.count(session, left_id, {"thread_count": -1})
        posts.count(session, post_id, {"thread_count": 1})


def prepare(session: Session, reply_id: int, **opening: Any) -> Thread:
    """A removed thread whose opening a reply is going to be, with its author and times."""
    now = clock.now()
    hot = ranking.hot(0, opening["created_at"].timestamp())
    thread = Thread(
        **opening,
        body="",
        body_html="",
        hot=hot,
        removed_at=now,
        turned_at=now,
        moved_to_id=reply_id,
    )
    session.add(thread)
    session.flush()
    return thread


def lock_row(session: Session, thread_id: int) -> Thread:
    """The thread, locked before anything below it is changed; raises `ThreadNotFound`."""
    thread = session.scalar(
        select(Thread)
        .where(Thread.id == thread_id, Thread.listed)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if thread is None:
        raise ThreadNotFound
    return thread


def lock_for_edit(session: Session, actor: Viewer, thread_id: int) -> Thread:
    """As `lock_row`, and of what nobody has seen also one's own."""
    thread = lock_hidden_too(session, thread_id)
    if not (thread.listed or policy.may_edit_unseen(actor, thread)):
        raise ThreadNotFound
    return thread


def lock_hidden_too(session: Session, thread_id: int) -> Thread:
    """As `lock_row`, for who may act on what readers do not see."""
    thread = session.get(
        Thread, thread_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if thread is None:
        raise ThreadNotFound
    return thread


def lock_for_reply(session: Session, query: Select[Any], **values: Any) -> Row[Any]:
    """The row of `FOR_REPLY`, with what else the caller selects beside it.

    Raises `ThreadNotFound` or `ThreadIsLocked`.
    """
    row = execute(session, query, values).one_or_none()
    if row is None:
        raise ThreadNotFound
    if row.locked_at is not None:
        raise ThreadIsLocked
    return row


def lock_rows(session: Session, where: ColumnElement[bool]) -> Sequence[int]:
    """Lock several threads, in the order in which everybody does who needs more than one.

    Gives their ids.
    """
    threads = select(Thread.id).where(where).order_by(Thread.id)
    return session.scalars(threads.with_for_update(key_share=True)).all()


def require_visible(thread: Thread | Row[Any]) -> None:
    """Raise `ThreadIsGone` for a tombstone."""
    if not thread.visible:
        raise ThreadIsGone


def lock_for_votes(session: Session, query: Select[Any], **values: Any) -> Row[Any]:
    """The row of `FOR_VOTES`, with what else the caller selects beside it.

    Raises `ThreadNotFound` or `ThreadIsGone`.
    """
    row = execute(session, query, values).one_or_none()
    if row is None:
        raise ThreadNotFound
    require_visible(row)
    return row


def count_votes(session: Session, thread: Row[Any], up: int, down: int) -> None:
    """Add votes to a thread locked for them, and rank it anew."""
    ups, downs = thread.up + up, thread.down + down
    execute(
        session,
        _COUNT_VOTES,
        {
            "thread": thread.id,
            "more_up": up,
            "more_down": down,
            "new_best": ranking.wilson_lower_bound(ups, downs),
            "new_hot": ranking.hot(ups - downs, thread.created_at.timestamp()),
        },
    )


def set_votes(session: Session, thread: Thread, up: int, down: int) -> None:
    """Store the votes on a locked thread, and its ranks."""
    best = ranking.wilson_lower_bound(up, down)
    hot = ranking.hot(up - down, thread.created_at.timestamp())
    change(thread, {"up": up, "down": down, "best": best, "hot": hot})
    session.flush()


def count(
    session: Session,
    thread_id: int,
    changes: Mapping[str, int],
    appeared_at: datetime | None = None,
) -> None:
    """Add to numbers of a thread, by column; `appeared_at` is when a reply that is new was made."""
    latest = {"last_reply_at": appeared_at}
    counters.add(session, Thread, thread_id, changes, latest, also=turns.on_counting)


def set_last_reply(session: Session, thread_id: int, at: datetime | None) -> None:
    """Say when the latest visible reply was written."""
    execute(session, _SET_LAST_REPLY, {"thread": thread_id, "at": at})


def remove_below_post(session: Session, post_id: int, reason: str) -> None:
    """Remove all threads of a post; their numbers are zero afterwards."""
    of_post = update(Thread).where(Thread.post_id == post_id)
    off = {"synchronize_session": False}
    now = clock.now()
    removed = {"removed_at": now, "removed_reason": reason, **turns.on_hiding_many(now)}
    session.execute(of_post.where(Thread.visible).values(removed).execution_options(**off))
    session.execute(
        of_post.values(
            reply_count=0,
            last_reply_at=None,
            technical_halves=0,
            management_halves=0,
            bridge_authors=0,
        ).execution_options(**off)
    )


def settle_post_activity(session: Session, post_id: int) -> None:
    """Find the latest activity below a post again after something disappeared."""
    latest = execute(session, _LATEST_OF_POST, {"post": post_id}).scalar()
    posts.set_last_activity(session, post_id, latest)


_TABLE = table_of(Thread)


def _locked(bound_as: str, *names: str) -> Select[Any]:
    found = select(*(_TABLE.c[name] for name in names))
    found = found.where(_TABLE.c.id == bindparam(bound_as), _TABLE.c.listed)
    return found.with_for_update(key_share=True, of=_TABLE)


FOR_REPLY = _locked("thread", "id", "post_id", "author_id", "visible", "locked_at", "slow_seconds")
"""What answering needs of the thread bound as `thread`, which is locked."""

FOR_VOTES = _locked("of", "id", "post_id", "author_id", "visible", "up", "down", "created_at")
"""What voting needs of the thread bound as `of`, which is locked."""

_SET_LAST_REPLY = (
    update(_TABLE).where(_TABLE.c.id == bindparam("thread")).values(last_reply_at=bindparam("at"))
)
_LATEST_OF_POST = select(func.max(_TABLE.c.active_at)).where(
    _TABLE.c.post_id == bindparam("post"), _TABLE.c.listed
)
_COUNT_VOTES = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("thread"))
    .values(
        up=_TABLE.c.up + bindparam("more_up"),
        down=_TABLE.c.down + bindparam("more_down"),
        best=bindparam("new_best"),
        hot=bindparam("new_hot"),
    )
)
