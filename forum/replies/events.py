"""What happens to replies."""

from dataclasses import dataclass

from forum.threads.events import ThreadEvent


@dataclass(frozen=True)
class ReplyEvent(ThreadEvent):
    """Base of what happens to one reply."""

    reply_id: int


@dataclass(frozen=True)
class ReplyWritten(ReplyEvent):
    pass


@dataclass(frozen=True)
class ReplyHeld(ReplyEvent):
    """It waits for a moderator, or for the check of spam, and nobody else can read it."""


@dataclass(frozen=True)
class ReplyEdited(ReplyEvent):
    pass


@dataclass(frozen=True)
class ReplyDeleted(ReplyEvent):
    pass
