"""What comes of review items."""

from dataclasses import dataclass

from forum.threads.events import ThreadEvent


@dataclass(frozen=True)
class ReviewEvent(ThreadEvent):
    """Base of what happens because of an item about a reply or, without one, a thread."""

    reply_id: int | None


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
