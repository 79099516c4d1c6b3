"""What a feed says, before a format is chosen: its text fits into each, its times are UTC."""

import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from urllib.parse import quote

_UNCARRIABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_DNS_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DNS_NAME = re.compile(rf"{_DNS_LABEL}(?:\.{_DNS_LABEL})*")
_SAFE_IN_SPECIFIC = "/?:@!$&'()*+,;="


def carriable(text: str) -> str:
    """`text` as every format can carry it.

    Line ends become line feeds, as XML parsers would make them (XML 1.0, 2.11). Control characters,
    lone surrogates, U+FFFE and U+FFFF become U+FFFD, so that nothing joins up across a gap: XML 1.0
    (2.2) forbids or discourages them, and JSON has no surrogates either (RFC 8259, 8.2).
    """
    return _UNCARRIABLE.sub("\N{REPLACEMENT CHARACTER}", _LINE_END.sub("\n", text))


def tag_uri(authority: str, on: date, specific: str) -> str:
    """The `tag:` URI (RFC 4151) of `specific`, under a DNS name held by its owner on the day `on`.

    What a URI cannot hold is percent-encoded. Raises `ValueError` if `authority` is no DNS name.
    """
    authority = authority.lower()
    if not _DNS_NAME.fullmatch(authority):
        raise ValueError(f"not a DNS name: {authority!r}")
    return f"tag:{authority},{on:%Y-%m-%d}:{quote(specific, safe=_SAFE_IN_SPECIFIC)}"


def rfc3339(moment: datetime) -> str:
    """A time in UTC as RFC 3339 writes it, ending in `Z`."""
    return moment.isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a feed. Its text becomes carriable and its times UTC when it is made.

    Raises `ValueError` for a time without a zone.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _normal(getattr(self, field.name)))


def _normal(value: object) -> object:
    if isinstance(value, str):
        return carriable(value)
    if isinstance(value, datetime):
        return _in_utc(value)
    return value


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment}")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Category(_Part):
    """A path an entry stands on: its name, and the absolute URL of the scheme of the names."""

    term: str
    scheme: str


@dataclass(frozen=True, slots=True)
class InReplyTo(_Part):
    """What an entry answers (RFC 4685, 3): the id of that entry, and where to read it."""

    ref: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(_Part):
    """A thread or reply.

    `id` is a `tag:` URI that never changes, `url` the absolute permalink, `title` and `author_name`
    plain text, `html` safe HTML without relative links. `updated` moves with every edit. A reply
    that both paths claim has both in `paths`.
    """

    id: str
    url: str
    title: str
    author_name: str
    author_url: str | None = None
    html: str
    published: datetime
    updated: datetime
    paths: tuple[Category, ...] = ()
    in_reply_to: InReplyTo | None = None
    reply_count: int = 0
    replies_updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deleted(_Part):
    """An entry that has left (RFC 6721): its id, and when it left."""

    ref: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Link(_Part):
    """Where another document is: a relation that IANA has registered, and an absolute URL."""

    rel: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(_Part):
    """Entries in the order readers shall meet them, and what they have in common.

    `id` is a `tag:` URI that never changes, `title` and `subtitle` plain text. `self_url` is the
    absolute URL of this document, `alternate_url` of the HTML page the feed follows, `links` lead
    to the feed's other documents (RFC 5005) and to its hub (WebSub). The document is one of the
    feed's archives, or `is_complete`: what is not in it is not in the feed. `deleted` are those
    that left last, also of the entries that other documents had.
    """

    id: str
    title: str
    subtitle: str
    self_url: str
    alternate_url: str
    updated: datetime
    links: tuple[Link, ...] = ()
    is_archive: bool = False
    is_complete: bool = False
    entries: tuple[Entry, ...] = ()
    deleted: tuple[Deleted, ...] = ()
