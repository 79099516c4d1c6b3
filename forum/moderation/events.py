"""What moderators do."""

from dataclasses import dataclass

from forum.replies.events import ReplyEvent
from forum.threads.events import ThreadEvent


@dataclass(frozen=True)
class ThreadRemoved(ThreadEvent):
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ReplyRemoved(ReplyEvent):
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ThreadLocked(ThreadEvent):
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ThreadUnlocked(ThreadEvent):
    moderator_id: int


@dataclass(frozen=True)
class ThreadPinned(ThreadEvent):
    moderator_id: int


@dataclass(frozen=True)
class ThreadUnpinned(ThreadEvent):
    moderator_id: int
