"""What happens touches feeds, and the hub is to be told of each of them."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.accounts.events import MemberErased, ProfileChanged, WordsDestroyed
from forum.accounts.models import Member
from forum.config import settings_of
from forum.core import clock
from forum.core.many import insert_missing
from forum.core.outbox import Event, Happened, on
from forum.feeds.models import HubPing
from forum.moderation.events import ReplyRemoved, ReplyRestored, ThreadRemoved, ThreadRestored
from forum.paths.events import BallotCast, PathDeclared, PathPinned, PinLifted
from forum.posts.events import PostChanged, PostDeleted
from forum.posts.models import Post
from forum.replies import tree_key
from forum.replies.events import (
    ReplyBecameThread,
    ReplyDeleted,
    ReplyEdited,
    ReplyEvent,
    ReplyHeld,
    ReplyWritten,
    ThreadBecameReply,
    ThreadMoved,
)
from forum.replies.models import FLAGS, PATHS, Reply
from forum.threads.events import (
    ThreadDeleted,
    ThreadEdited,
    ThreadEvent,
    ThreadHeld,
    ThreadOpened,
)
from forum.threads.models import Thread

_GAPS = {"gap": "gap", **{f"{flag}_gap": f"gap/{path}" for flag, path in FLAGS.items()}}
"""What the feeds of threads that lack a path are called, by the gap."""

EVERYWHERE = ("replies", *(f"paths/{path}" for path in PATHS), *_GAPS.values())
"""The feeds of the whole community."""

_MEANWHILE = timedelta(minutes=1)
"""No request takes longer: within it stands what an event has turned before it was recorded."""


@on(
    *(ThreadOpened, ThreadEdited, ThreadDeleted, ThreadHeld, ThreadRemoved, ThreadRestored),
    *(ReplyWritten, ReplyEdited, ReplyDeleted, ReplyHeld, ReplyRemoved, ReplyRestored),
    *(PathDeclared, BallotCast, PathPinned, PinLifted),
    *(ReplyBecameThread, ThreadBecameReply, ThreadMoved),
    *(PostChanged, PostDeleted, ProfileChanged, MemberErased, WordsDestroyed),
)
def tell_hub(session: Session, happened: Happened) -> None:
    """Have the hub told of every feed that the event touched, if there is a hub."""
    if settings_of(session).websub_hub:
        feeds = sorted({*touched(session, happened)})
        now = clock.now()
        rows = [{"feed": feed, "changed_at": now} for feed in feeds]
        if rows:
            session.execute(insert_missing(session, HubPing).values(rows))
            waiting = update(HubPing).where(HubPing.feed.in_(feeds))
            session.execute(waiting.values(due_at=now, changed_at=now, attempts=0))


def touched(session: Session, happened: Happened) -> Iterator[str]:
    """The names of the feeds that show what happened, as they are now."""
    event: Event = happened.event
    if isinstance(event, ReplyEvent):
        yield from _touched_by_reply(session, event.reply_id, happened)
    elif isinstance(event, ThreadEvent):
        yield from _touched_by_thread(session, event.thread_id)
    else:
        yield from EVERYWHERE
    if isinstance(event, PostChanged | ThreadMoved):
        yield from _of_post(session, event.post_id)
    if isinstance(event, ThreadMoved):
        yield from _of_post(session, event.left_post_id)
        yield from _touched_by_thread(session, event.thread_id)
    if isinstance(event, ReplyBecameThread | ThreadBecameReply):
        yield from _touched_by_reply(session, event.reply_id, happened)
        yield from _touched_by_thread(session, event.thread_id)
        yield from _touched_by_thread(session, event.left_thread_id)
    if isinstance(event, ProfileChanged):
        yield from _of_member(session, event.member_id)
    if isinstance(event, ThreadEvent):
        yield from _touched_by_gap(session, event.thread_id, happened)


def _touched_by_gap(session: Session, thread_id: int, happened: Happened) -> Iterator[str]:
    """Of the thread as it is now, and as the event may have found it."""
    found = select(*Thread.__table__.c).where(Thread.id == thread_id)
    for thread in session.execute(found):
        for gap, feed in _GAPS.items():
            turned_at = getattr(thread, f"{gap}_turned_at")
            has_turned = turned_at and turned_at >= happened.at - _MEANWHILE
            if has_turned or (thread.visible and getattr(thread, f"in_{gap}")):
                yield feed


def _touched_by_thread(session: Session, thread_id: int) -> Iterator[str]:
    found = (
        select(Thread.visible, Thread.turned_at, Post.slug, Member.username)
        .join(Post, Post.id == Thread.post_id)
        .join(Member, Member.id == Thread.author_id)
        .where(Thread.id == thread_id)
    )
    for row in session.execute(found):
        if row.visible or row.turned_at:
            yield from ("replies", f"threads/{thread_id}", f"posts/{row.slug}")
            yield from _of_author(row.username)


def _touched_by_reply(session: Session, reply_id: int, happened: Happened) -> Iterator[str]:
    found = (
        select(*Reply.__table__.c, Post.slug, Member.username)
        .join(Post, Post.id == Reply.post_id)
        .join(Member, Member.id == Reply.author_id)
        .where(Reply.id == reply_id)
    )
    for row in session.execute(found):
        if row.visible or row.turned_at:
            yield from ("replies", f"threads/{row.thread_id}", f"posts/{row.slug}")
            yield from (f"replies/{above}" for above in tree_key.ids(row.tree_key))
            yield from _of_author(row.username)
            for flag, path in FLAGS.items():
                turned_at = getattr(row, f"{flag}_turned_at")
                if getattr(row, f"on_{flag}") or (turned_at and turned_at >= happened.at):
                    yield from (f"paths/{path}", f"posts/{row.slug}/paths/{path}")


def _of_post(session: Session, post_id: int) -> Iterator[str]:
    for slug in session.scalars(select(Post.slug).where(Post.id == post_id, Post.visible)):
        yield from (f"posts/{slug}", *(f"posts/{slug}/paths/{path}" for path in PATHS))


def _of_member(session: Session, member_id: int) -> Iterator[str]:
    for username in session.scalars(select(Member.username).where(Member.id == member_id)):
        yield from _of_author(username)


def _of_author(username: str | None) -> Iterator[str]:
    if username is not None:
        yield f"users/{username}"
