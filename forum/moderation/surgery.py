"""Thread surgery: moving a thread, splitting one in two, making one of two, slowing and locking."""

from sqlalchemy.orm import Session

from forum.accounts import sanctioned_threads
from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.core.errors import Forbidden
from forum.moderation import acting, policy
from forum.moderation.errors import SameThread
from forum.moderation.events import MERGE, MOVE, SPLIT, TextMoved
from forum.moderation.places import REPLY_FORM, REPLY_LOCKED, THREAD_PACE, THREAD_PLACE
from forum.moderation.text_facets import NOT_LOCKED, moment
from forum.posts import queries as posts
from forum.replies import commands as replies
from forum.replies import moving
from forum.threads import commands as threads
from forum.threads.models import Thread


def move(session: Session, actor: Viewer, thread_id: int, slug: str, reason: str | None) -> None:
    """Put a thread with all its replies below another post.

    Raises `ThreadNotFound` or `PostNotFound`.
    """
    _require_moderator(actor)
    threads.lock_row(session, thread_id)
    place = {"post_id": posts.post_by_slug(session, slug).id}
    before = acting.begin(session, actor, reason).change(THREAD_PLACE, thread_id, place, MOVE)
    if before != place:
        outbox.record(session, TextMoved(thread_id, None, actor.id, MOVE, reason))


def split(
    session: Session, actor: Viewer, reply_id: int, title: str | None, reason: str | None
) -> int:
    """Make a thread of a reply and all below it; gives its id.

    Raises `ReplyNotFound` or `ReplyIsGone`.
    """
    _require_moderator(actor)
    reply = replies.lock_with_thread(session, reply_id)
    replies.require_visible(reply)
    thread = moving.prepare_thread(session, reply, title)
    opens = {"moved_to_id": thread.id}
    acting.begin(session, actor, reason).change(REPLY_FORM, reply_id, opens, SPLIT)
    sanctioned_threads.extend(session, reply.thread_id, thread.id, reply_id)
    outbox.record(session, TextMoved(thread.id, None, actor.id, SPLIT, reason))
    return thread.id


def merge(
    session: Session, actor: Viewer, thread_id: int, into_id: int, reason: str | None
) -> None:
    """Make a reply of a thread's opening, in another thread, with all its replies below it.

    Raises `ThreadNotFound`, `ThreadIsGone` or `SameThread`.
    """
    _require_moderator(actor)
    if thread_id == into_id:
        raise SameThread
    threads.lock_rows(session, Thread.id.in_([thread_id, into_id]))
    opening, target = (threads.lock_row(session, each) for each in (thread_id, into_id))
    threads.require_visible(opening)
    reply = moving.prepare_reply(session, opening, target)
    becomes_reply = {"moved_to_id": None}
    acting.begin(session, actor, reason).change(REPLY_FORM, reply.id, becomes_reply, MERGE)
    outbox.record(session, TextMoved(into_id, reply.id, actor.id, MERGE, reason))


def slow_down(
    session: Session, actor: Viewer, thread_id: int, seconds: int | None, reason: str | None
) -> None:
    """Let members reply once in so many seconds, or as often as they like; `ThreadNotFound`."""
    _require_moderator(actor)
    threads.lock_row(session, thread_id)
    pace = {"slow_seconds": seconds}
    acting.begin(session, actor, reason).change(THREAD_PACE, thread_id, pace, "thread.slow-mode")


def lock_reply(session: Session, actor: Viewer, reply_id: int, reason: str) -> None:
    """Let a reply and what is below it be read, but not answered; raises `ReplyNotFound`."""
    _require_moderator(actor)
    reply = replies.lock_with_thread(session, reply_id)
    since = reply.locked_at if reply.locked_reason == reason else clock.now()
    locked = {"locked_at": moment(since), "locked_reason": reason}
    acting.begin(session, actor, reason).change(REPLY_LOCKED, reply_id, locked, "reply.lock")


def unlock_reply(session: Session, actor: Viewer, reply_id: int) -> None:
    """Let a reply and what is below it be answered again; raises `ReplyNotFound`."""
    _require_moderator(actor)
    replies.lock_with_thread(session, reply_id)
    acting.begin(session, actor).change(REPLY_LOCKED, reply_id, NOT_LOCKED, "reply.unlock")


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
