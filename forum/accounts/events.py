"""What happens to accounts."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class MemberRegistered(Event):
    member_id: int


@dataclass(frozen=True)
class MemberErased(Event):
    member_id: int
    content: str
