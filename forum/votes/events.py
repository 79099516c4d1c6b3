"""What happens to votes."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class ThreadVoted(Event):
    thread_id: int
    member_id: int
    value: int


@dataclass(frozen=True)
class ReplyVoted(Event):
    reply_id: int
    member_id: int
    value: int
