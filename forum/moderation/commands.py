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
from forum.replies import sweeps as reply_sweeps
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.models import Thread


def remove_thread(session: Session, actor: Viewer, thread: Thread, reason: str) -> None:
    """Take a locked thread away for a reason; raises `ThreadIsGone`."""
    _require_moderator(actor)
    threads.require_visible(thread)
    threads.hide(session, thread, removed_at=clock.now(), removed_reason=reason)
    outbox.record(session, ThreadRemoved(thread.id, actor.id, reason))


def remove_reply(session: Session, actor: Viewer, reply: Reply, reason: str) -> None:
    """Take a reply, locked with its thread, away for a reason; raises `ReplyIsGone`."""
    _require_moderator(actor)
    replies.change_facts(session, reply, removed_at=clock.now(), removed_reason=reason)
    outbox.record(session, ReplyRemoved(reply.thread_id, reply.id, actor.id, reason))


def lock_thread(session: Session, actor: Viewer, thread_id: int, reason: str) -> Thread:
    """Let a thread be read, but not answered; raises `ThreadNotFound` or `ThreadIsGone`."""
    thread = _thread(session, actor, thread_id)
    if not thread.locked or thread.locked_reason != reason:
        thread.locked_at, thread.locked_reason = clock.now(), reason
        outbox.record(session, ThreadLocked(thread_id, actor.id, reason))
    session.flush()
    return thread


def unlock_thread(session: Session, actor: Viewer, thread_id: int) -> Thread:
    """Let a thread be answered again."""
    thread = _thread(session, actor, thread_id)
    if thread.locked:
        thread.locked_at = thread.locked_reason = None
        outbox.record(session, ThreadUnlocked(thread_id, actor.id))
    session.flush()
    return thread


def set_thread_pinned(session: Session, actor: Viewer, thread_id: int, pinned: bool) -> Thread:
    """Show a thread before the others of its post, or no longer."""
    thread = _thread(session, actor, thread_id)
    if thread.pinned != pinned:
        thread.pinned = pinned
        happened = ThreadPinned if pinned else ThreadUnpinned
        outbox.record(session, happened(thread_id, actor.id))
    session.flush()
    return thread


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
    thread = threads.lock_row(session, thread_id)
    threads.require_visible(thread)
    return thread


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
