"""What happens to replies."""

from dataclasses import dataclass

from forum.core.outbox import Event
from forum.threads.events import ThreadEvent


@dataclass(frozen=True)
class ReplyEvent(ThreadEvent):
    """Base of what happens to one reply."""

    reply_id: int


@dataclass(frozen=True)
class ReplyWritten(ReplyEvent):
    pass


@dataclass(frozen=True)
class ReplyHeld(ReplyEvent):
    """It waits for a moderator, or for the check of spam, and nobody else can read it."""


@dataclass(frozen=True)
class ReplyEdited(ReplyEvent):
    pass


@dataclass(frozen=True)
class ReplyDeleted(ReplyEvent):
    pass


@dataclass(frozen=True)
class ReplyBecameThread(Event):
    """A reply is the opening of a thread now, which has all that was below it."""

    thread_id: int
    reply_id: int
    left_thread_id: int


@dataclass(frozen=True)
class ThreadBecameReply(Event):
    """The opening of a thread is a reply in another one now, with all its replies below it."""

    thread_id: int
    reply_id: int
    left_thread_id: int


@dataclass(frozen=True)
class ThreadMoved(Event):
    """A thread is below another post now."""

    thread_id: int
    post_id: int
    left_post_id: int
