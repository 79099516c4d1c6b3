"""What a mail says, before anything is known of addresses, headers and encodings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Heading:
    """Names what follows."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Words of our own; names and titles may stand in them."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Quote:
    """Words of somebody else, shown as they were written."""

    kind: ClassVar[str] = "quote"
    text: str


@dataclass(frozen=True)
class Link:
    """Where to go on: an address of ours, never one that somebody wrote."""

    kind: ClassVar[str] = "link"
    text: str
    url: str


Block = Heading | Paragraph | Quote | Link


@dataclass(frozen=True)
class MailingList:
    """What mail programs file mails under (RFC 2919); `name` is like `thread-5`."""

    name: str
    title: str


@dataclass(frozen=True)
class Letter:
    """One mail to one reader.

    `reason` tells why they get it. `on_behalf_of` is who speaks, if it is not the site.
    `name` is what later letters refer to it by in `follows`, the eldest first, so that mail
    programs show them below each other. It is the same for all readers: letters and digits, with
    `./-` between them, like `replies/17`.
    `unsubscribe_url` answers GET with a page that changes nothing, and POST by unsubscribing
    without a login (RFC 8058).
    """

    subject: str
    blocks: Sequence[Block]
    reason: str = ""
    on_behalf_of: str = ""
    name: str = ""
    follows: Sequence[str] = ()
    mailing_list: MailingList | None = None
    unsubscribe_url: str = ""
