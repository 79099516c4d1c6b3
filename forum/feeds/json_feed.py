"""JSON Feed 1.1 (https://jsonfeed.org/version/1.1); `_crossroads` tells what it has no words for.

Of the feed where its archives are and what has left it, of an item whom it answers.
"""

from typing import Any

import orjson

from forum.feeds.model import Entry, Feed

MEDIA_TYPE = "application/feed+json"


def render(feed: Feed) -> bytes:
    """The feed as a JSON Feed document in UTF-8; its media type is `MEDIA_TYPE`."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.subtitle,
        "home_page_url": feed.alternate_url,
        "feed_url": feed.self_url,
        **_elsewhere({link.rel: link.href for link in feed.links}),
        "_crossroads": _history(feed),
        "items": [_item(entry) for entry in feed.entries],
    }
    return orjson.dumps(document, option=orjson.OPT_UTC_Z)


def _elsewhere(links: dict[str, str]) -> dict[str, Any]:
    members: dict[str, Any] = {"next_url": links["next"]} if "next" in links else {}
    return members | ({"hubs": [{"type": "WebSub", "url": links["hub"]}]} if "hub" in links else {})


def _history(feed: Feed) -> dict[str, Any]:
    return {
        "links": {link.rel: link.href for link in feed.links},
        "archive": feed.is_archive,
        "complete": feed.is_complete,
        "deleted": [{"id": left.ref, "when": left.when} for left in feed.deleted],
    }


def _item(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [_author(entry)],
        "tags": [path.term for path in entry.paths],
        "_crossroads": _threading(entry),
    }


def _author(entry: Entry) -> dict[str, str]:
    author = {"name": entry.author_name}
    if entry.author_url:
        author["url"] = entry.author_url
    return author


def _threading(entry: Entry) -> dict[str, Any]:
    parent = entry.in_reply_to
    return {
        "in_reply_to": {"id": parent.ref, "url": parent.href} if parent else None,
        "reply_count": entry.reply_count,
        "replies_updated": entry.replies_updated,
    }
