"""What Atom and RSS say alike: where a feed goes on (RFC 5005), and what has left it (RFC 6721)."""

from xml.etree.ElementTree import Element, SubElement

from forum.feeds.model import Feed, rfc3339

EXTENSIONS = {
    "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
}
"""To be declared with the document's own namespaces."""


def add_parts(parent: Element, feed: Feed, link: str) -> None:
    """Add to the element of the feed; `link` is what the document calls Atom's element."""
    for related in feed.links:
        SubElement(parent, link, rel=related.rel, href=related.href)
    if feed.is_archive:
        SubElement(parent, "fh:archive")
    if feed.is_complete:
        SubElement(parent, "fh:complete")
    for left in feed.deleted:
        SubElement(parent, "at:deleted-entry", ref=left.ref, when=rfc3339(left.when))
