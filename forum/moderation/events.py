"""What moderators do; `moderator_id` is None where the system did it."""

from dataclasses import dataclass

from forum.core.outbox import Event
from forum.replies.events import ReplyEvent
from forum.threads.events import ThreadEvent


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


@dataclass(frozen=True)
class AppealDecided(Event):
    """What somebody appealed against was upheld or reversed."""

    appeal_id: int
    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"
