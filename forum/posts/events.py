"""What happens to posts."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class PostAdded(Event):
    post_id: int

    def topic(self) -> str:
        return post_topic(self.post_id)


def post_topic(post_id: int) -> str:
    """What answers about one post, and about what is said below it, depend on."""
    return f"post:{post_id}"


@dataclass(frozen=True)
class PostChanged(Event):
    post_id: int


@dataclass(frozen=True)
class PostDeleted(Event):
    post_id: int
