"""What a webhook is told, by which name, and what it then hears: ids and an address, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from forum.core.outbox import Event
from forum.moderation.events import (
    ReplyRemoved,
    ReplyRestored,
    ThreadLocked,
    ThreadRemoved,
    ThreadRestored,
    ThreadUnlocked,
)
from forum.paths.events import PathChanged
from forum.posts.events import PostAdded, PostChanged, PostDeleted
from forum.replies.events import (
    ReplyBecameThread,
    ReplyDeleted,
    ReplyEdited,
    ReplyWritten,
    ThreadBecameReply,
    ThreadMoved,
)
from forum.threads.events import ThreadDeleted, ThreadEdited, ThreadOpened

VERSION = 1
TEST = "webhook.test"


@dataclass(frozen=True)
class Kind:
    """A kind of message; one that is `of_absence` also tells of what cannot be seen any more."""

    event: type[Event]
    summary: str
    of_absence: bool = False


KINDS = {
    "post.added": Kind(PostAdded, "A post was added."),
    "post.changed": Kind(PostChanged, "The facts of a post were changed."),
    "post.deleted": Kind(PostDeleted, "A post was deleted.", of_absence=True),
    "thread.opened": Kind(ThreadOpened, "A thread was opened below a post."),
    "thread.edited": Kind(ThreadEdited, "A thread was edited."),
    "thread.deleted": Kind(ThreadDeleted, "A thread was deleted.", of_absence=True),
    "thread.removed": Kind(ThreadRemoved, "A moderator removed a thread.", of_absence=True),
    "thread.restored": Kind(ThreadRestored, "A thread can be read again that was hidden."),
    "thread.locked": Kind(ThreadLocked, "A thread was closed to new replies."),
    "thread.unlocked": Kind(ThreadUnlocked, "A thread was opened to new replies again."),
    "reply.written": Kind(ReplyWritten, "A reply was written."),
    "reply.edited": Kind(ReplyEdited, "A reply was edited."),
    "reply.deleted": Kind(ReplyDeleted, "A reply was deleted.", of_absence=True),
    "reply.removed": Kind(ReplyRemoved, "A moderator removed a reply.", of_absence=True),
    "reply.became_thread": Kind(
        ReplyBecameThread,
        "A moderator made a thread of a reply and all below it.",
        of_absence=True,
    ),
    "thread.became_reply": Kind(
        ThreadBecameReply, "A moderator made a reply of a thread's opening, in another thread."
    ),
    "thread.moved": Kind(ThreadMoved, "A moderator put a thread below another post."),
    "reply.restored": Kind(ReplyRestored, "A reply can be read again that was hidden."),
    "reply.path_changed": Kind(PathChanged, "A reply is on another path than before."),
}
NAMES = {kind.event: name for name, kind in KINDS.items()}
TOLD = (
    *("post_id", "thread_id", "reply_id", "left_post_id", "left_thread_id"),
    *("before", "after", "source"),
)
"""What of an event is told; who did it, and why, is not."""


def told_of(event: Event) -> dict[str, Any]:
    """What is kept of an event until it is told."""
    return {name: value for name, value in vars(event).items() if name in TOLD}


def payload(kind: str, happened_at: datetime, data: Mapping[str, Any], base_url: str) -> bytes:
    """A message as it is sent, JSON: `{"type", "timestamp", "version", "data"}`."""
    told = {**data, "url": _address(data, base_url)}
    message = {"type": kind, "timestamp": happened_at, "version": VERSION, "data": told}
    return orjson.dumps(message, option=orjson.OPT_UTC_Z)


def _address(data: Mapping[str, Any], base_url: str) -> str:
    for name, folder in (("reply_id", "replies"), ("thread_id", "threads")):
        if name in data:
            return f"{base_url}/api/v1/{folder}/{data[name]}"
    return f"{base_url}/api/v1/posts"
