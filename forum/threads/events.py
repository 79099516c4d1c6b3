"""What happens to threads."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class ThreadOpened(Event):
    thread_id: int


@dataclass(frozen=True)
class ThreadEdited(Event):
    thread_id: int


@dataclass(frozen=True)
class ThreadDeleted(Event):
    thread_id: int
