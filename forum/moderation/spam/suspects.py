"""What a service that knows spam is told of a text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Sender:
    """Where a text comes from, as far as a service wants to know."""

    address: str
    agent: str


@dataclass(frozen=True)
class Target:
    """A reply or, without one, a thread."""

    thread_id: int
    reply_id: int | None


@dataclass(frozen=True)
class Suspect:
    """A text that may be spam, and who wrote it."""

    words: str
    url: str
    written_at: datetime
    author: str | None
    email: str | None
    is_thread: bool
    sender: Sender


class NoVerdict(Exception):
    """The service has not said what a text is; the message tells why."""


class Service(Protocol):
    """A service that tells spam from what is none.

    Whoever calls it holds no transaction, and gets an answer within ten seconds.
    """

    def is_spam(self, suspect: Suspect) -> bool:
        """Whether a text is spam; raises `NoVerdict`."""

    def tell(self, suspect: Suspect, is_spam: bool) -> None:
        """Tell it what people have found a text to be; raises `NoVerdict`."""
