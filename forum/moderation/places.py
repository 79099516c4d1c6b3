"""The facets of where threads and replies stand, and of how far they may be answered."""

from sqlalchemy.orm import Session

from forum.accounts import sanctioned_threads
from forum.accounts.identity import Viewer
from forum.core import outbox
from forum.moderation.errors import Overtaken
from forum.moderation.events import ReplyLocked, ReplyUnlocked, ThreadPaceSet
from forum.moderation.facets import Values
from forum.moderation.queue import items
from forum.moderation.spam import commands as spam
from forum.moderation.text_facets import (
    LOCKED,
    columns_of,
    facet_of_reply,
    facet_of_thread,
    require_post,
)
from forum.replies import commands as replies
from forum.replies import moving
from forum.replies.errors import ReplyIsGone
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.votes import commands as votes

PLACE = ("post_id",)
FORM = ("moved_to_id",)
PACE = ("slow_seconds",)


def _set_place(session: Session, _actor: Viewer | None, thread_id: int, values: Values) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    if thread.post_id != values["post_id"]:
        moving.to_post(session, thread, values["post_id"])
        require_post(session, thread)


def _set_form(session: Session, _actor: Viewer | None, reply_id: int, values: Values) -> None:
    """Make a thread's opening of a reply, or of that a reply again."""
    reply = replies.lock_hidden_too(session, reply_id)
    if reply.moved_to_id == values["moved_to_id"]:
        return
    if reply.moved_to_id is None:
        _open_thread(session, reply, values["moved_to_id"])
    else:
        _close_thread(session, reply, reply.moved_to_id)


def _open_thread(session: Session, reply: Reply, thread_id: int) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    moving.into_thread(session, reply, thread)
    votes.carry_to_thread(session, reply, thread)
    sanctioned_threads.turn(session, reply.id, thread.id, is_there=True)
    _follow(session, ("reply_id", reply.id), ("thread_id", thread.id))


def _close_thread(session: Session, reply: Reply, thread_id: int) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    if reply.thread_id == thread_id:
        raise Overtaken(since=[])  # the thread it was split off from was merged into this one
    votes.carry_to_reply(session, thread, reply)
    moving.into_reply(session, thread, reply)
    sanctioned_threads.turn(session, reply.id, thread.id, is_there=False)
    sanctioned_threads.extend(session, thread.id, reply.thread_id, reply.id)
    _follow(session, ("thread_id", thread.id), ("reply_id", reply.id))
    require_post(session, reply)


def _follow(session: Session, former: tuple[str, int], present: tuple[str, int]) -> None:
    items.follow(session, former, present)
    spam.follow(session, former, present)


def _set_lock(session: Session, actor: Viewer | None, reply_id: int, values: Values) -> None:
    reply = replies.lock_hidden_too(session, reply_id)
    if reply.moved_to_id is not None:
        raise ReplyIsGone
    lock, by = columns_of(values), actor.id if actor else None
    replies.set_lock(session, reply, lock["locked_reason"], lock["locked_at"])
    if reply.locked_at is None:
        outbox.record(session, ReplyUnlocked(*reply.place, by))
    else:
        outbox.record(session, ReplyLocked(*reply.place, by, lock["locked_reason"]))


def _set_pace(session: Session, actor: Viewer | None, thread_id: int, values: Values) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    threads.set_pace(session, thread, values["slow_seconds"])
    by = actor.id if actor else None
    outbox.record(session, ThreadPaceSet(*thread.place, by, values["slow_seconds"]))


THREAD_PLACE = facet_of_thread("place", PLACE, _set_place)
THREAD_PACE = facet_of_thread("pace", PACE, _set_pace)
REPLY_FORM = facet_of_reply("form", FORM, _set_form)
REPLY_LOCKED = facet_of_reply("locked", LOCKED, _set_lock)
