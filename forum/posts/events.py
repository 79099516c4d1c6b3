"""What happens to posts."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class PostAdded(Event):
    post_id: int

    def topic(self) -> str:
        return f"post:{self.post_id}"


@dataclass(frozen=True)
class PostChanged(Event):
    post_id: int


@dataclass(frozen=True)
class PostDeleted(Event):
    post_id: int
