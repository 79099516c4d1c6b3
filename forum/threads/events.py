"""What happens to threads."""

from dataclasses import dataclass

from forum.core.outbox import Event
from forum.posts.events import post_topic


@dataclass(frozen=True)
class ThreadEvent(Event):
    """Base of what happens in one thread, to its replies included."""

    post_id: int
    thread_id: int

    def topic(self) -> str:
        return f"{post_topic(self.post_id)}/{thread_topic(self.thread_id)}"


def thread_topic(thread_id: int) -> str:
    """What answers about one thread, and about replies in it, depend on."""
    return f"thread:{thread_id}"


@dataclass(frozen=True)
class ThreadOpened(ThreadEvent):
    pass


@dataclass(frozen=True)
class ThreadHeld(ThreadEvent):
    """It waits for a moderator, or for the check of spam, and nobody else can read it."""


@dataclass(frozen=True)
class ThreadEdited(ThreadEvent):
    pass


@dataclass(frozen=True)
class ThreadDeleted(ThreadEvent):
    pass
