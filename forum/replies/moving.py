"""Moving replies, set by set: with their thread below another post, or into another thread.

The same words can be those of a reply or of a thread's opening. Where a moderator makes one of the
other, both rows stay: one is removed, and its `moved_to_id` names the other. So either can become
the other again, wherever it stands by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, case, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.db import Identifier, table_of
from forum.core.elements import NextId, joined
from forum.core.lifecycle import change, each_visibility, is_visible
from forum.core.pages import rows
from forum.posts import sweeps as posts
from forum.replies import commands, nesting
from forum.replies.counters import count_in_tree
from forum.replies.events import ReplyBecameThread, ThreadBecameReply, ThreadMoved
from forum.replies.loads import load_of, shift
from forum.replies.models import Reply
from forum.replies.tree_key import STEP, child_key, span
from forum.threads import commands as threads
from forum.threads.models import Thread

SPLIT = "Split off into a thread of its own."
MERGED = "Merged into another thread."

_NEXT_ID = select(NextId(table_of(Reply)).label("id"))
_SHARED = ("body", "body_html", "edited_at", "locked_at", "locked_reason")
"""What is the same of both forms, and kept up to date with the one that can be seen."""


@dataclass(frozen=True)
class _Place:
    """Where replies stand: below a reply or, if it is None, directly in a thread."""

    thread_id: int
    post_id: int
    reply: Reply | None = None

    @classmethod
    def below(cls, reply: Reply) -> Self:
        return cls(reply.thread_id, reply.post_id, reply)

    @classmethod
    def directly_in(cls, thread: Thread) -> Self:
        return cls(thread.id, thread.post_id)

    @property
    def reply_id(self) -> int | None:
        return self.reply.id if self.reply else None

    @property
    def key(self) -> bytes:
        return self.reply.tree_key if self.reply else b""

    @property
    def replies(self) -> Sequence[ColumnElement[bool]]:
        """All that stand here, in parts each of which an index finds; the first has the visible."""
        if self.reply is None:
            of_thread = Reply.thread_id == self.thread_id
            return [of_thread & each for each in each_visibility(Reply)]
        return [and_(Reply.tree_key.between(*span(self.key)), Reply.id != self.reply.id)]


def prepare_thread(session: Session, reply: Reply, title: str | None) -> Thread:
    """A thread that `into_thread` can make of a locked reply."""
    return threads.prepare(
        session,
        reply.id,
        post_id=reply.post_id,
        author_id=reply.author_id,
        title=title,
        created_at=reply.created_at,
    )


def prepare_reply(session: Session, opening: Thread, thread: Thread) -> Reply:
    """A reply that `into_reply` can make of the opening of a thread, directly in another one."""
    (row,) = rows(session, _NEXT_ID)
    now = clock.now()
    reply = Reply(
        id=row.id,
        thread_id=thread.id,
        post_id=thread.post_id,
        author_id=opening.author_id,
        answered_id=thread.author_id if thread.author_id != opening.author_id else None,
        depth=0,
        tree_key=child_key(b"", row.id),
        body="",
        body_html="",
        created_at=opening.created_at,
        removed_at=now,
        turned_at=now,
        moved_to_id=opening.id,
    )
    session.add(reply)
    session.flush()
    return reply


def to_post(session: Session, thread: Thread, post_id: int) -> None:
    """Put a locked thread and its replies below another post."""
    source, target = _Place.directly_in(thread), _Place(thread.id, post_id)
    posts.lock_rows(session, {source.post_id, post_id})
    threads.put_below(session, thread, post_id)
    _carry(session, source, target)
    outbox.record(session, ThreadMoved(thread.id, post_id, source.post_id))


def into_thread(session: Session, reply: Reply, thread: Thread) -> None:
    """Let a visible reply be the opening of a thread, and what is below it the thread's replies.

    All are locked; raises `ReplyIsGone`.
    """
    commands.require_visible(reply)
    source, target = _Place.below(reply), _Place.directly_in(thread)
    posts.lock_rows(session, {source.post_id, target.post_id})
    commands.set_facts(session, reply, removed_at=clock.now(), removed_reason=SPLIT)
    change(thread, {name: getattr(reply, name) for name in _SHARED} | {"moved_to_id": None})
    change(reply, {"moved_to_id": thread.id})
    threads.set_facts(session, thread, removed_at=None, removed_reason=None)
    _carry(session, source, target)
    nesting.unfold(session, thread.id, settings_of(session).max_nesting)
    outbox.record(session, ReplyBecameThread(thread.id, reply.id, reply.thread_id))


def into_reply(session: Session, thread: Thread, reply: Reply) -> None:
    """Let the opening of a visible thread be a reply, and the thread's replies stand below it.

    All are locked; raises `ThreadIsGone`.
    """
    source, target = _Place.directly_in(thread), _Place.below(reply)
    posts.lock_rows(session, {source.post_id, target.post_id})
    threads.hide(session, thread, removed_at=clock.now(), removed_reason=MERGED)
    change(reply, {name: getattr(thread, name) for name in _SHARED} | {"moved_to_id": None})
    change(thread, {"moved_to_id": reply.id})
    commands.set_facts(session, reply, removed_at=None, removed_reason=None)
    _carry(session, source, target)
    nesting.flatten(session, reply, settings_of(session).max_nesting)
    outbox.record(session, ThreadBecameReply(reply.thread_id, reply.id, thread.id))


def _carry(session: Session, source: _Place, target: _Place) -> None:
    """Put all replies of one place at another, and count them there."""
    session.flush()
    load = load_of(session, source.replies[0])
    for which in source.replies:
        carried = update(Reply).where(which).values(_moved(source, target))
        session.execute(carried.execution_options(synchronize_session=False))
    _count_below(session, source, -load.replies)
    _count_below(session, target, load.replies)
    shift(session, load, (source.thread_id, target.thread_id), (source.post_id, target.post_id))


def _count_below(session: Session, place: _Place, more: int) -> None:
    if place.reply is not None:
        nesting.recount(session, {place.reply.id})
        hidden = not is_visible(place.reply)
        count_in_tree(session, place.key, more, hidden * ((more > 0) - (more < 0)))


def _moved(source: _Place, target: _Place) -> dict[str, Any]:
    """What to store with replies that leave one place for another."""
    now = clock.now()
    values: dict[str, Any] = {}
    if source.post_id != target.post_id:
        left = {"left_post_id": source.post_id, "left_post_at": now}
        values |= {"post_id": target.post_id, **left}
    if source.thread_id != target.thread_id:
        left = {"left_thread_id": source.thread_id, "left_thread_at": now}
        values |= {"thread_id": target.thread_id, **left, **_rooted(source, target)}
    return values


def _rooted(source: _Place, target: _Place) -> dict[str, Any]:
    """The columns that say where in a tree replies stand."""
    below = func.substr(Reply.tree_key, len(source.key) + 1)

    def instead(column: InstrumentedAttribute[int | None]) -> ColumnElement[int | None]:
        is_source = column.is_not_distinct_from(source.reply_id)
        return case((is_source, literal(target.reply_id, Identifier)), else_=column)

    return {
        "parent_id": instead(Reply.parent_id),
        "reply_to_id": instead(Reply.reply_to_id),
        "depth": Reply.depth + (len(target.key) - len(source.key)) // STEP,
        "tree_key": joined(literal(target.key), below),
    }
