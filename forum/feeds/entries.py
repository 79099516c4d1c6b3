"""Rows of threads and replies as entries of a feed."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.queries import ERASED_NAME
from forum.core.pages import Record
from forum.feeds.channels import REPLIES, THREADS, Channel, Item
from forum.feeds.model import Category, Entry, Feed, InReplyTo
from forum.feeds.site import Site
from forum.replies.models import MANAGEMENT, TECHNICAL


def feed(channel: Channel, site: Site, self_url: str, texts: Mapping[tuple[str, int], str]) -> Feed:
    """A channel as a feed; items that have no text any more are left out."""
    found = [(item, texts.get((item.kind, item.row.id))) for item in channel.items]
    entries = tuple(_entry(item, site, html) for item, html in found if html is not None)
    return Feed(
        id=site.tag(channel.key),
        title=f"{channel.title} · {site.name}",
        subtitle=channel.subtitle,
        self_url=self_url,
        alternate_url=site.url(channel.page),
        updated=max((entry.updated for entry in entries), default=channel.began_at),
        entries=entries,
    )


def _entry(item: Item, site: Site, html: str) -> Entry:
    row = item.row
    address = f"{item.kind}/{row.id}"
    return Entry(
        id=site.tag(address),
        url=site.url(address),
        author_name=_author(row),
        author_url=site.url(f"users/{row.author_username}") if row.author_username else None,
        html=html,
        published=row.created_at,
        updated=row.edited_at or row.created_at,
        reply_count=row.reply_count,
        **(_of_thread(row) if item.kind == THREADS else _of_reply(row, site)),
    )


def _of_thread(row: Record) -> dict[str, Any]:
    return {
        "title": row.title or f"{_author(row)} on {row.post_title}",
        "replies_updated": row.last_reply_at,
    }


def _of_reply(row: Record, site: Site) -> dict[str, Any]:
    above = f"{REPLIES}/{row.reply_to_id}" if row.reply_to_id else f"{THREADS}/{row.thread_id}"
    stands_on = {TECHNICAL: row.on_technical, MANAGEMENT: row.on_management}
    return {
        "title": f"{_author(row)} on {row.thread_title or row.post_title}",
        "in_reply_to": InReplyTo(ref=site.tag(above), href=site.url(above)),
        "paths": tuple(
            Category(path, scheme=site.url("paths")) for path, yes in stands_on.items() if yes
        ),
    }


def _author(row: Record) -> str:
    return row.author_display_name or ERASED_NAME
