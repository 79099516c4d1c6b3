"""Atom 1.0 (RFC 4287) with threading (RFC 4685), archives (RFC 5005) and what left (RFC 6721)."""

from xml.etree.ElementTree import Element, SubElement, tostring

from forum.feeds.model import Entry, Feed, rfc3339
from forum.feeds.xml import EXTENSIONS, add_parts

MEDIA_TYPE = "application/atom+xml"

# Written out, because ElementTree's register of prefixes is global and RSS has `atom:` for this.
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
    **EXTENSIONS,
}


def render(feed: Feed) -> bytes:
    """The feed as an Atom document in UTF-8; its media type is `MEDIA_TYPE`."""
    root = Element("feed", _NAMESPACES)
    SubElement(root, "id").text = feed.id
    SubElement(root, "title").text = feed.title
    SubElement(root, "subtitle").text = feed.subtitle
    SubElement(root, "updated").text = rfc3339(feed.updated)
    SubElement(root, "link", rel="self", type=MEDIA_TYPE, href=feed.self_url)
    SubElement(root, "link", rel="alternate", type="text/html", href=feed.alternate_url)
    add_parts(root, feed, "link")
    for entry in feed.entries:
        _add_entry(root, entry)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry")
    SubElement(element, "id").text = entry.id
    SubElement(element, "title").text = entry.title
    SubElement(element, "published").text = rfc3339(entry.published)
    SubElement(element, "updated").text = rfc3339(entry.updated)
    SubElement(element, "link", rel="alternate", type="text/html", href=entry.url)
    _add_author(element, entry)
    for path in entry.paths:
        SubElement(element, "category", term=path.term, scheme=path.scheme)
    _add_threading(element, entry)
    SubElement(element, "content", type="html").text = entry.html


def _add_author(element: Element, entry: Entry) -> None:
    author = SubElement(element, "author")
    SubElement(author, "name").text = entry.author_name
    if entry.author_url:
        SubElement(author, "uri").text = entry.author_url


def _add_threading(element: Element, entry: Entry) -> None:
    if entry.in_reply_to:
        parent = entry.in_reply_to
        SubElement(element, "thr:in-reply-to", ref=parent.ref, href=parent.href, type="text/html")
    if entry.reply_count:
        replies = SubElement(element, "link", rel="replies", type="text/html", href=entry.url)
        replies.set("thr:count", str(entry.reply_count))
        if entry.replies_updated:
            replies.set("thr:updated", rfc3339(entry.replies_updated))
    SubElement(element, "thr:total").text = str(entry.reply_count)
