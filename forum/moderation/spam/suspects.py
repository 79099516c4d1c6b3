"""What a service that knows spam is told of a text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from forum.core.seals import BrokenSeal, seal, unseal

_SENDER = "sender of a text"


@dataclass(frozen=True)
class Sender:
    """Where a text comes from, as far as a service wants to know."""

    address: str = ""
    agent: str = ""

    def sealed(self, key: str) -> str:
        """As it is kept: no table holds a network address that can be read there."""
        return seal(key, _SENDER, [self.address[:64], self.agent[:500]])

    @classmethod
    def unsealed(cls, key: str, sealed: str | None) -> Self:
        """What was sealed; nothing is known of what was forgotten, or sealed by another key."""
        try:
            return cls(*unseal(key, _SENDER, sealed or ""))
        except BrokenSeal:
            return cls()


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
