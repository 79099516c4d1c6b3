"""RSS 2.0, as the RSS Advisory Board's profile recommends it.

RSS left open whether a title is text or HTML. Titles are escaped once, as the plain text that the
profile asks for: escaped twice, "Q&A" would read "Q&amp;A" in every reader that keeps to it, while
one that guesses HTML only loses the tags of `<b>`. Atom and JSON Feed leave no doubt.
"""

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from forum.feeds.model import Entry, Feed, rfc3339
from forum.feeds.xml import EXTENSIONS, add_parts

MEDIA_TYPE = "application/rss+xml"

_ROOT = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
    **EXTENSIONS,
}


def render(feed: Feed) -> bytes:
    """The feed as an RSS document in UTF-8; its media type is `MEDIA_TYPE`."""
    root = Element("rss", _ROOT)
    channel = SubElement(root, "channel")
    SubElement(channel, "title").text = feed.title
    SubElement(channel, "link").text = feed.alternate_url
    SubElement(channel, "description").text = feed.subtitle
    SubElement(channel, "lastBuildDate").text = format_datetime(feed.updated, usegmt=True)
    SubElement(channel, "atom:link", rel="self", type=MEDIA_TYPE, href=feed.self_url)
    add_parts(channel, feed, "atom:link")
    for entry in feed.entries:
        _add_item(channel, entry)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add_item(channel: Element, entry: Entry) -> None:
    item = SubElement(channel, "item")
    SubElement(item, "guid", isPermaLink="false").text = entry.id
    SubElement(item, "link").text = entry.url
    SubElement(item, "title").text = entry.title
    SubElement(item, "dc:creator").text = entry.author_name
    SubElement(item, "pubDate").text = format_datetime(entry.published, usegmt=True)
    # RSS has no time of the last edit.
    SubElement(item, "atom:updated").text = rfc3339(entry.updated)
    for path in entry.paths:
        SubElement(item, "category", domain=path.scheme).text = path.term
    SubElement(item, "slash:comments").text = str(entry.reply_count)
    SubElement(item, "description").text = entry.html
