"""What comes of review items."""

from dataclasses import dataclass

from forum.core.outbox import Event
from forum.threads.events import thread_topic


@dataclass(frozen=True)
class ReviewEvent(Event):
    """Base of what happens because of an item about a reply or, without one, a thread."""

    thread_id: int
    reply_id: int | None

    def topic(self) -> str:
        return thread_topic(self.thread_id)


@dataclass(frozen=True)
class TextDecided(ReviewEvent):
    """Its author is to know what was done about a text, and why."""

    action: str
    reason: str


@dataclass(frozen=True)
class AuthorAddressed(ReviewEvent):
    """A moderator has something to say to the author of a text."""

    message: str


@dataclass(frozen=True)
class ReportsDecided(ReviewEvent):
    """Those who reported a text, up to a piece of evidence of an item, are to know the outcome."""

    item_id: int
    evidence_seq: int
    outcome: str


@dataclass(frozen=True)
class HiddenByReports(ReviewEvent):
    """Readers whose reports weigh enough have hidden a text, until a moderator decides."""
