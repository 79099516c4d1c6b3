"""The facets of threads and replies: whether they are removed or held, locked, pinned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import outbox
from forum.core.errors import Forbidden
from forum.core.lifecycle import is_visible, was_never_seen
from forum.moderation.errors import PostIsGone
from forum.moderation.events import (
    ReplyRemoved,
    ReplyRestored,
    ThreadLocked,
    ThreadPinned,
    ThreadRemoved,
    ThreadRestored,
    ThreadUnlocked,
    ThreadUnpinned,
)
from forum.moderation.facets import Facet, Read, Values, register
from forum.paths import commands as paths
from forum.posts import queries as posts
from forum.posts.errors import PostNotFound
from forum.replies import commands as replies
from forum.replies.events import ReplyHeld
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.errors import ThreadIsGone
from forum.threads.events import ThreadHeld
from forum.threads.models import Thread

REMOVED = ("removed_at", "removed_reason")
HELD = ("held_at",)
LOCKED = ("locked_at", "locked_reason")
PINNED = ("pinned",)
PATH_PINNED = ("pinned_at", "pinned_path", "pinned_reason")


def moment(at: datetime | None) -> str | None:
    """A time as facets tell it."""
    return at.isoformat() if at else None


def removed(reason: str, at: datetime) -> Values:
    """The values of what is removed."""
    return {"removed_at": moment(at), "removed_reason": reason}


def held(at: datetime) -> Values:
    """The values of what is held."""
    return {"held_at": moment(at)}


NOT_REMOVED: Values = dict.fromkeys(REMOVED)
NOT_HELD: Values = dict.fromkeys(HELD)
NOT_LOCKED: Values = dict.fromkeys(LOCKED)
NO_PIN: Values = dict.fromkeys(PATH_PINNED)


def _columns(names: tuple[str, ...], lock: Callable[[Session, int], Any]) -> Read:
    def read(session: Session, target_id: int) -> Values:
        row = lock(session, target_id)
        return {name: _plain(getattr(row, name)) for name in names}

    return read


def _plain(value: Any) -> Any:
    return moment(value) if isinstance(value, datetime) else value


def columns_of(values: Values) -> dict[str, Any]:
    """The values of a facet as the columns of a row hold them."""
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in values.items()
    }


def _set_facts_of_reply(
    session: Session, actor: Viewer | None, reply_id: int, values: Values
) -> None:
    reply = replies.lock_hidden_too(session, reply_id)
    facts, was_visible, is_new = columns_of(values), reply.visible, was_never_seen(reply)
    replies.set_facts(session, reply, **facts)
    by = actor.id if actor else None
    if facts.get("removed_at"):
        outbox.record(session, ReplyRemoved(*reply.place, by, facts["removed_reason"]))
    elif facts.get("held_at"):
        outbox.record(session, ReplyHeld(*reply.place))
    elif not was_visible:
        require_post(session, reply)
        if not (is_new and is_visible(reply)):
            outbox.record(session, ReplyRestored(*reply.place, by))


def _set_facts_of_thread(
    session: Session, actor: Viewer | None, thread_id: int, values: Values
) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    facts, was_visible, is_new = columns_of(values), thread.visible, was_never_seen(thread)
    threads.set_facts(session, thread, **facts)
    by = actor.id if actor else None
    if facts.get("removed_at"):
        outbox.record(session, ThreadRemoved(*thread.place, by, facts["removed_reason"]))
    elif facts.get("held_at"):
        outbox.record(session, ThreadHeld(*thread.place))
    elif not was_visible:
        require_post(session, thread)
        if not (is_new and is_visible(thread)):
            outbox.record(session, ThreadRestored(*thread.place, by))


def require_post(session: Session, text: Reply | Thread) -> None:
    """Raise `PostIsGone` where a text cannot be shown, for the post it stood below is deleted."""
    try:
        posts.post_by_id(session, text.post_id)
    except PostNotFound as error:
        raise PostIsGone from error


def _set_lock(session: Session, actor: Viewer | None, thread_id: int, values: Values) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    lock, by = columns_of(values), actor.id if actor else None
    if (thread.locked_at, thread.locked_reason) == (lock["locked_at"], lock["locked_reason"]):
        return
    if thread.moved_to_id is not None:
        raise ThreadIsGone
    threads.set_lock(session, thread, lock["locked_reason"], lock["locked_at"])
    if thread.locked:
        outbox.record(session, ThreadLocked(*thread.place, by, lock["locked_reason"]))
    else:
        outbox.record(session, ThreadUnlocked(*thread.place, by))


def _set_pinned(session: Session, actor: Viewer | None, thread_id: int, values: Values) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    if thread.pinned != values["pinned"]:
        threads.set_pinned(session, thread, values["pinned"])
        turned = ThreadPinned if thread.pinned else ThreadUnpinned
        outbox.record(session, turned(*thread.place, actor.id if actor else None))


def _set_path_pin(session: Session, actor: Viewer | None, reply_id: int, values: Values) -> None:
    if actor is None:  # a path is settled by a person
        raise Forbidden
    pin = columns_of(values)
    if pin["pinned_at"] is None:
        paths.lift_pin(session, actor, reply_id)
    else:
        reason, at = pin["pinned_reason"], pin["pinned_at"]
        paths.pin(session, actor, reply_id, pin["pinned_path"], reason, at)


def author_of_reply(session: Session, reply_id: int) -> int:
    """Whom it concerns what becomes of a reply."""
    return session.get_one(Reply, reply_id).author_id


def author_of_thread(session: Session, thread_id: int) -> int:
    """Whom it concerns what becomes of a thread."""
    return session.get_one(Thread, thread_id).author_id


def facet_of_reply(name: str, columns: tuple[str, ...], write: Any) -> Facet:
    """Register a facet that is some columns of a reply."""
    read = _columns(columns, replies.lock_hidden_too)
    return register(Facet(f"reply.{name}", read, write, author_of_reply))


def facet_of_thread(name: str, columns: tuple[str, ...], write: Any) -> Facet:
    """Register a facet that is some columns of a thread."""
    read = _columns(columns, threads.lock_hidden_too)
    return register(Facet(f"thread.{name}", read, write, author_of_thread))


REPLY_REMOVED = facet_of_reply("removed", REMOVED, _set_facts_of_reply)
REPLY_HELD = facet_of_reply("held", HELD, _set_facts_of_reply)
REPLY_PATH_PIN = facet_of_reply("path-pin", PATH_PINNED, _set_path_pin)
THREAD_REMOVED = facet_of_thread("removed", REMOVED, _set_facts_of_thread)
THREAD_HELD = facet_of_thread("held", HELD, _set_facts_of_thread)
THREAD_LOCKED = facet_of_thread("locked", LOCKED, _set_lock)
THREAD_PINNED = facet_of_thread("pinned", PINNED, _set_pinned)
