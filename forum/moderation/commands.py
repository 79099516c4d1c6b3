"""Acting on the content of others."""

from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.core.errors import Forbidden
from forum.moderation import policy
from forum.moderation.events import (
    ReplyRemoved,
    ThreadLocked,
    ThreadPinned,
    ThreadRemoved,
    ThreadUnlocked,
    ThreadUnpinned,
)
from forum.posts import commands as posts
from forum.posts import queries as post_queries
from forum.replies import commands as replies
from forum.replies import erasure
from forum.replies import policy as reply_policy
from forum.replies import sweeps as reply_sweeps
from forum.threads import commands as threads
from forum.threads import policy as thread_policy
from forum.threads.models import Thread

DEFAULT_REASON = "Removed by a moderator."


def take_thread_away(session: Session, actor: Viewer, thread_id: int, reason: str | None) -> None:
    """Delete one's own thread or, as a moderator, remove somebody else's.

    Raises `ThreadNotFound` or `ThreadIsGone`.
    """
    thread = threads.lock_row(session, thread_id)
    if thread_policy.is_author(actor, thread):
        threads.delete(session, actor, thread)
        return
    _require_moderator(actor)
    reason = reason or DEFAULT_REASON
    threads.hide(session, thread, removed_at=clock.now(), removed_reason=reason)
    outbox.record(session, ThreadRemoved(thread.id, actor.id, reason))


def take_reply_away(session: Session, actor: Viewer, reply_id: int, reason: str | None) -> None:
    """Delete one's own reply or, as a moderator, remove somebody else's.

    Raises `ReplyNotFound` or `ReplyIsGone`.
    """
    reply = replies.lock_with_thread(session, reply_id)
    if reply_policy.is_author(actor, reply):
        replies.delete(session, actor, reply)
        return
    _require_moderator(actor)
    reason = reason or DEFAULT_REASON
    replies.change_facts(session, reply, removed_at=clock.now(), removed_reason=reason)
    outbox.record(session, ReplyRemoved(reply.thread_id, reply.id, actor.id, reason))


def lock_thread(session: Session, actor: Viewer, thread_id: int, reason: str) -> None:
    """Let a thread be read, but not answered; raises `ThreadNotFound`."""
    thread = _thread(session, actor, thread_id)
    if not thread.locked or thread.locked_reason != reason:
        threads.set_lock(session, thread, reason)
        outbox.record(session, ThreadLocked(thread_id, actor.id, reason))


def unlock_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Let a thread be answered again; raises `ThreadNotFound`."""
    thread = _thread(session, actor, thread_id)
    if thread.locked:
        threads.set_lock(session, thread, None)
        outbox.record(session, ThreadUnlocked(thread_id, actor.id))


def pin_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Show a thread before the others of its post; raises `ThreadNotFound`."""
    thread = _thread(session, actor, thread_id)
    if not thread.pinned:
        threads.set_pinned(session, thread, True)
        outbox.record(session, ThreadPinned(thread_id, actor.id))


def unpin_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Show a thread where its rank puts it; raises `ThreadNotFound`."""
    thread = _thread(session, actor, thread_id)
    if thread.pinned:
        threads.set_pinned(session, thread, False)
        outbox.record(session, ThreadUnpinned(thread_id, actor.id))


def delete_post(session: Session, actor: Viewer, slug: str) -> None:
    """Delete a post, and remove all that was said below it."""
    below_post = Thread.post_id == post_queries.post_by_slug(session, slug).id
    threads.lock_rows(session, below_post)  # before the post, as everybody does who writes below it
    post = posts.find_for_renaming(session, slug)
    posts.delete_post(session, actor, post)
    reply_sweeps.remove_below_post(session, post.id, "post deleted")


def erase_member(session: Session, actor: Viewer, content: str) -> None:
    """The account of `actor` goes; with `content` "remove" all they wrote is destroyed, too."""
    if content == "remove":
        erasure.destroy_all_of(session, actor.id)
    accounts.erase(session, actor.id, content)


def _thread(session: Session, actor: Viewer, thread_id: int) -> Thread:
    _require_moderator(actor)
    return threads.lock_row(session, thread_id)


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
