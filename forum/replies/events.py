"""What happens to replies."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class ReplyWritten(Event):
    reply_id: int


@dataclass(frozen=True)
class ReplyEdited(Event):
    reply_id: int


@dataclass(frozen=True)
class ReplyDeleted(Event):
    reply_id: int
