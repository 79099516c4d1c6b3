"""What moderators do; `moderator_id` is None where the system did it."""

from dataclasses import dataclass

from forum.core.outbox import Event
from forum.replies.events import ReplyEvent
from forum.threads.events import ThreadEvent, thread_topic


@dataclass(frozen=True)
class ThreadRemoved(ThreadEvent):
    moderator_id: int | None
    reason: str


@dataclass(frozen=True)
class ReplyRemoved(ReplyEvent):
    moderator_id: int | None
    reason: str


@dataclass(frozen=True)
class ThreadRestored(ThreadEvent):
    """What kept a thread from being read, a removal or that it was held, is taken back."""

    moderator_id: int | None


@dataclass(frozen=True)
class ReplyRestored(ReplyEvent):
    """What kept a reply from being read, a removal or that it was held, is taken back."""

    moderator_id: int | None


@dataclass(frozen=True)
class ThreadLocked(ThreadEvent):
    moderator_id: int | None
    reason: str


@dataclass(frozen=True)
class ThreadUnlocked(ThreadEvent):
    moderator_id: int | None


@dataclass(frozen=True)
class ThreadPinned(ThreadEvent):
    moderator_id: int | None


@dataclass(frozen=True)
class ThreadUnpinned(ThreadEvent):
    moderator_id: int | None


@dataclass(frozen=True)
class ReplyLocked(ReplyEvent):
    moderator_id: int | None
    reason: str


@dataclass(frozen=True)
class ReplyUnlocked(ReplyEvent):
    moderator_id: int | None


@dataclass(frozen=True)
class ThreadPaceSet(ThreadEvent):
    """Between two replies of a member in it there are so many seconds now, or none (None)."""

    moderator_id: int | None
    seconds: int | None


MOVE, SPLIT, MERGE = "thread.move", "reply.split", "thread.merge"
"""What moderators do to where a text stands, as the log calls it."""


@dataclass(frozen=True)
class TextMoved(Event):
    """A moderator has put a text elsewhere, and its author is to know.

    It is this thread or reply now; `action` is `MOVE`, `SPLIT` or `MERGE`.
    """

    thread_id: int
    reply_id: int | None
    moderator_id: int
    action: str
    reason: str | None

    def topic(self) -> str:
        return thread_topic(self.thread_id)


@dataclass(frozen=True)
class AppealDecided(Event):
    """What somebody appealed against was upheld or reversed."""

    appeal_id: int
    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"
