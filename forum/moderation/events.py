"""What moderators do."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class ThreadRemoved(Event):
    thread_id: int
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ReplyRemoved(Event):
    reply_id: int
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ThreadLocked(Event):
    thread_id: int
    moderator_id: int
    reason: str


@dataclass(frozen=True)
class ThreadUnlocked(Event):
    thread_id: int
    moderator_id: int


@dataclass(frozen=True)
class ThreadPinned(Event):
    thread_id: int
    moderator_id: int


@dataclass(frozen=True)
class ThreadUnpinned(Event):
    thread_id: int
    moderator_id: int
