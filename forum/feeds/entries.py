"""Rows of threads and replies as entries of a feed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forum.accounts.queries import ERASED_NAME
from forum.core.pages import Record
from forum.feeds.channels import Channel
from forum.feeds.model import Category, Deleted, Entry, Feed, InReplyTo, Link
from forum.feeds.parts import Part
from forum.feeds.site import Site
from forum.replies.models import MANAGEMENT, TECHNICAL
from forum.replies.streams import REPLIES, THREADS

Texts = Mapping[tuple[str, int], str]


def feed(
    channel: Channel, part: Part, site: Site, self_url: str, links: Sequence[Link], texts: Texts
) -> Feed:
    """A part of a channel as a document; items that have no text any more are left out."""
    news = channel.news
    found = [(item, texts.get((item.kind, item.id))) for item in news.items]
    return Feed(
        id=site.tag(channel.key),
        title=f"{channel.title} · {site.name}",
        subtitle=channel.subtitle,
        self_url=self_url,
        alternate_url=site.url(channel.page),
        updated=max(_times(news.items, news.left), default=channel.began_at),
        links=tuple(links),
        is_archive=part.archive is not None,
        is_complete=part.is_newest and news.following is None,
        entries=tuple(_entry(item, site, html) for item, html in found if html is not None),
        deleted=tuple(Deleted(site.tag(_address(row)), row.turned_at) for row in news.left),
    )


def _times(items: Sequence[Record], left: Sequence[Record]) -> list[datetime]:
    times = [max(item.entered_at, item.edited_at or item.entered_at) for item in items]
    return times + [row.turned_at for row in left]


def _address(row: Record) -> str:
    return f"{row.kind}/{row.id}"


def _entry(row: Record, site: Site, html: str) -> Entry:
    address = _address(row)
    return Entry(
        id=site.tag(address),
        url=site.url(address),
        author_name=_author(row),
        author_url=site.url(f"users/{row.author_username}") if row.author_username else None,
        html=html,
        published=row.created_at,
        updated=row.edited_at or row.created_at,
        reply_count=row.reply_count,
        **(_of_thread(row) if row.kind == THREADS else _of_reply(row, site)),
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
        "title": f"{_author(row)} on {row.title or row.post_title}",
        "in_reply_to": InReplyTo(ref=site.tag(above), href=site.url(above)),
        "paths": tuple(
            Category(path, scheme=site.url("paths")) for path, yes in stands_on.items() if yes
        ),
    }


def _author(row: Record) -> str:
    return row.author_display_name or ERASED_NAME
