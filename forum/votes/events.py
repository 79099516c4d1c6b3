"""What happens to votes."""

from dataclasses import dataclass

from forum.replies.events import ReplyEvent
from forum.threads.events import ThreadEvent


@dataclass(frozen=True)
class ThreadVoted(ThreadEvent):
    member_id: int
    value: int


@dataclass(frozen=True)
class ReplyVoted(ReplyEvent):
    member_id: int
    value: int
