"""Acting on the content of others."""

from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import audit, clock
from forum.core.errors import Forbidden
from forum.moderation import acting, policy
from forum.moderation.facets import Facet
from forum.moderation.text_facets import (
    NO_PIN,
    NOT_LOCKED,
    REPLY_PATH_PIN,
    REPLY_REMOVED,
    THREAD_LOCKED,
    THREAD_PINNED,
    THREAD_REMOVED,
    moment,
    removed,
)
from forum.posts import commands as posts
from forum.posts import queries as post_queries
from forum.posts.commands import NewPost
from forum.posts.models import Post
from forum.replies import commands as replies
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
    threads.require_visible(thread)
    _remove(session, actor, THREAD_REMOVED, thread_id, reason)


def take_reply_away(session: Session, actor: Viewer, reply_id: int, reason: str | None) -> None:
    """Delete one's own reply or, as a moderator, remove somebody else's.

    Raises `ReplyNotFound` or `ReplyIsGone`.
    """
    reply = replies.lock_with_thread(session, reply_id)
    if reply_policy.is_author(actor, reply):
        replies.delete(session, actor, reply)
        return
    _require_moderator(actor)
    replies.require_visible(reply)
    _remove(session, actor, REPLY_REMOVED, reply_id, reason)


def lock_thread(session: Session, actor: Viewer, thread_id: int, reason: str) -> None:
    """Let a thread be read, but not answered; raises `ThreadNotFound`."""
    thread = _thread(session, actor, thread_id)
    since = thread.locked_at if thread.locked_reason == reason else clock.now()
    locked = {"locked_at": moment(since), "locked_reason": reason}
    acting.put(session, actor, THREAD_LOCKED, thread_id, locked, "thread.lock", reason)


def unlock_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Let a thread be answered again; raises `ThreadNotFound`."""
    _thread(session, actor, thread_id)
    acting.put(session, actor, THREAD_LOCKED, thread_id, NOT_LOCKED, "thread.unlock")


def pin_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Show a thread before the others of its post; raises `ThreadNotFound`."""
    _thread(session, actor, thread_id)
    acting.put(session, actor, THREAD_PINNED, thread_id, {"pinned": True}, "thread.pin")


def unpin_thread(session: Session, actor: Viewer, thread_id: int) -> None:
    """Show a thread where its rank puts it; raises `ThreadNotFound`."""
    _thread(session, actor, thread_id)
    acting.put(session, actor, THREAD_PINNED, thread_id, {"pinned": False}, "thread.unpin")


def pin_path(session: Session, actor: Viewer, reply_id: int, path: str | None, reason: str) -> None:
    """Settle the path of a reply; raises `ReplyNotFound` or `ReplyIsGone`."""
    _require_moderator(actor)
    replies.require_visible(replies.lock_with_thread(session, reply_id))
    now = moment(clock.now())
    pin = {"pinned_at": now, "pinned_path": path, "pinned_reason": reason}
    acting.begin(session, actor, reason).change(REPLY_PATH_PIN, reply_id, pin, "reply.pin-path")


def lift_path_pin(session: Session, actor: Viewer, reply_id: int) -> None:
    """Let ballots and declaration decide again; raises `ReplyNotFound` or `ReplyIsGone`."""
    _require_moderator(actor)
    replies.require_visible(replies.lock_with_thread(session, reply_id))
    acting.put(session, actor, REPLY_PATH_PIN, reply_id, NO_PIN, "reply.lift-pin")


def add_post(session: Session, actor: Viewer, data: NewPost) -> tuple[Post, bool]:
    """The post at `data.url`, and whether it is new; raises `SlugTaken`."""
    post, is_new = posts.add_post(session, actor, data)
    if is_new:
        acting.begin(session, actor).log("post.add", _target(post))
    else:
        audit.append_nothing(session)
    return post, is_new


def change_post(session: Session, actor: Viewer, slug: str, changes: dict[str, Any]) -> Post:
    """Change an article's facts; raises `PostNotFound`, `SlugTaken` or `AddressTaken`."""
    post = posts.change_post(session, actor, slug, changes)
    changed = {"changed": sorted(changes)}
    acting.begin(session, actor).log("post.change", _target(post), public=changed)
    return post


def delete_post(session: Session, actor: Viewer, slug: str) -> None:
    """Delete a post, and remove all that was said below it."""
    below_post = Thread.post_id == post_queries.post_by_slug(session, slug).id
    threads.lock_rows(session, below_post)  # before the post, as everybody does who writes below it
    post = posts.find_for_renaming(session, slug)
    posts.delete_post(session, actor, post)
    reply_sweeps.remove_below_post(session, post.id, "post deleted")
    acting.begin(session, actor).log("post.delete", _target(post))


def _remove(
    session: Session, actor: Viewer, facet: Facet, target_id: int, reason: str | None
) -> None:
    reason = reason or DEFAULT_REASON
    group = acting.begin(session, actor, reason)
    kind, _, _ = facet.name.partition(".")
    group.change(facet, target_id, removed(reason, clock.now()), f"{kind}.remove")


def _thread(session: Session, actor: Viewer, thread_id: int) -> Thread:
    _require_moderator(actor)
    return threads.lock_row(session, thread_id)


def _target(post: Post) -> str:
    return f"post:{post.id}"


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
