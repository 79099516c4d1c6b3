"""The private feed of the queue, for the feed readers of moderators.

It is dead at once when its holder ceases to be a moderator.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from forum.accounts import feed_tokens
from forum.accounts.errors import InvalidToken
from forum.accounts.models import QUEUE
from forum.accounts.queries import ERASED_NAME
from forum.core.pages import Record
from forum.feeds.model import Entry, Feed
from forum.feeds.site import LONG_AGO, Site
from forum.moderation.queue import queries
from forum.moderation.queue.models import OPEN

MOST_ITEMS = 50
NAME = f"me/{QUEUE}"


def feed(session: Session, token: str, site: Site, self_url: str) -> Feed:
    """What is open and how urgent, the most urgent first; raises `InvalidToken`."""
    if not feed_tokens.holder(session, token, QUEUE).is_moderator:
        raise InvalidToken
    items = queries.items(session, OPEN, "priority", {}, None, MOST_ITEMS).items
    pieces = queries.evidence(session, [item.id for item in items], queries.MOST_EVIDENCE)
    entries = tuple(_entry(item, pieces[item.id], site) for item in items)
    return Feed(
        id=site.tag("feeds/queue"),
        title=f"Queue · {site.name}",
        subtitle="What waits for a moderator.",
        self_url=self_url,
        alternate_url=site.url(""),
        updated=max((entry.updated for entry in entries), default=LONG_AGO),
        entries=entries,
    )


def _entry(item: Record, pieces: list[Record], site: Site) -> Entry:
    author = item.author_display_name or ERASED_NAME
    where = item.title or item.post_title
    return Entry(
        id=site.tag(f"queue/{item.id}"),
        url=site.url(f"api/v1/moderation/queue/{item.id}"),
        title=f"{item.kind}: {author}" + (f" on {where}" if where else ""),
        author_name=author,
        html=Markup("").join(_told(item, pieces)),
        published=item.opened_at,
        updated=max((piece.at for piece in pieces), default=item.opened_at),
    )


def _told(item: Record, pieces: list[Record]) -> Iterator[Markup]:
    """How the text begins, and why it is in the queue."""
    if item.excerpt:
        yield Markup("<blockquote><p>{}</p></blockquote>").format(item.excerpt)
    for piece in pieces:
        yield Markup("<p>{}: {}</p>").format(piece.weight, _spoken(piece.why))


def _spoken(why: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in why.items())
