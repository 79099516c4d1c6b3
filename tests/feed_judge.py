"""Judges a feed document by the rules of its format, strictly, and tells everything that is wrong.

The rules are those of RFC 4287, RFC 4685, RSS 2.0 and JSON Feed 1.1, and some of this project: an
entry has a title, an author and both times, in UTC; links are absolute, ids are unique `tag:` URIs,
and HTML is harmless.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

import feedparser
import html5lib
import orjson
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

ATOM = "{http://www.w3.org/2005/Atom}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"

_TAG_URI = re.compile(
    r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:([\w.~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})+", re.ASCII
)
_ACTIVE_ELEMENTS = "base|embed|form|iframe|link|math|meta|object|script|style|svg|template"
_LINKING_ATTRIBUTES = "action|cite|data|formaction|href|poster|src|srcset"
_KNOWN_ELEMENTS = {
    "atom": "author|category|content|contributor|email|entry|feed|generator|icon|id|link|logo|name"
    "|published|rights|source|subtitle|summary|title|updated|uri",
    "rss": "author|category|channel|cloud|comments|copyright|description|docs|enclosure|generator"
    "|guid|height|image|item|language|lastBuildDate|link|managingEditor|name|pubDate|rating|rss"
    "|skipDays|skipHours|source|textInput|title|ttl|url|webMaster|width",
}
_KNOWN_MEMBERS = (
    "_[A-Za-z].*|attachments|authors|avatar|banner_image|content_html|content_text|date_modified"
    "|date_published|description|expired|external_url|favicon|feed_url|home_page_url|hubs|icon|id"
    "|image|items|language|name|next_url|summary|tags|title|url|user_comment|version"
)


def problems(kind: str, document: bytes, base_url: str) -> list[str]:
    """What is wrong with a `document` of `kind` (atom, rss, json) fetched from `base_url`."""
    if kind == "json":
        return list(_json_problems(document, base_url))
    try:
        document.decode("utf-8")
        root = fromstring(document, forbid_dtd=True)
    except (UnicodeDecodeError, ParseError, DefusedXmlException) as error:
        return [f"not well-formed XML in UTF-8: {error!r}"]
    judge = {"atom": _atom_problems, "rss": _rss_problems}[kind]
    return [
        *judge(root, base_url),
        *_strangers(kind, root),
        *_history_problems(root),
        *_feedparser_problems(kind, document, root),
    ]


def _strangers(kind: str, root: Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.removeprefix(ATOM if kind == "atom" else "")
        if not name.startswith("{") and not re.fullmatch(_KNOWN_ELEMENTS[kind], name):
            yield f"{name} is no element of the format"


def _history_problems(root: Element) -> Iterator[str]:
    """By RFC 5005, and by RFC 6721 what left."""
    relations = [link.get("rel") for link in root.iter(f"{ATOM}link")]
    is_archive, is_complete = (
        root.find(f".//{HISTORY}{name}") is not None for name in ("archive", "complete")
    )
    if is_archive and ("current" not in relations or "next" in relations):
        yield "an archive does not lead to the current document, or is a page as well"
    if is_complete and {"prev-archive", "next", "current"} & {*relations}:
        yield "a complete feed goes on elsewhere"
    ids = [e.text for e in root.iter() if e.tag in {f"{ATOM}id", "guid"}]
    tombstones = [*root.iter(TOMBSTONE)]
    yield from _ids([*ids, *(left.get("ref") for left in tombstones)])
    for left in tombstones:
        yield from _rfc_3339(left.get("when"))
        if len(left) or {*left.attrib} != {"ref", "when"}:
            yield "a tombstone says more than it must"


def _feedparser_problems(kind: str, document: bytes, root: Element) -> Iterator[str]:
    parsed = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo:
        yield f"feedparser: {parsed.bozo_exception!r}"
    if parsed.version != {"atom": "atom10", "rss": "rss20"}[kind]:
        yield f"feedparser takes it for {parsed.version!r}"
    if len(parsed.entries) != len(root.findall(f".//{ATOM}entry") + root.findall(".//item")):
        yield f"feedparser sees {len(parsed.entries)} entries"


# Atom


def _atom_problems(root: Element, base_url: str) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield f"the root is {root.tag}"
    entries = root.findall(f"{ATOM}entry")
    yield from _exactly_one(root, ATOM, "id", "title", "updated")
    yield from _self_link(root, base_url)
    yield from _ids([element.findtext(f"{ATOM}id") for element in (root, *entries)])
    yield from _atom_common(root)
    for entry in entries:
        yield from _exactly_one(entry, ATOM, "id", "title", "published", "updated", "content")
        yield from _atom_common(entry)
        yield from _atom_content(entry.find(f"{ATOM}content"))
        yield from _atom_threading(entry)
        if not entry.findall(f"{ATOM}author") + root.findall(f"{ATOM}author"):
            yield "an entry has no author"


def _atom_common(element: Element) -> Iterator[str]:
    for name in ("title", "subtitle"):
        for text in element.findall(ATOM + name):
            if len(text) or text.get("type", "text") != "text":
                yield f"{name} is not plain text"
    for name in ("published", "updated"):
        for time in element.findall(ATOM + name):
            yield from _rfc_3339(time.text)
    for author in element.findall(f"{ATOM}author"):
        yield from _exactly_one(author, ATOM, "name")
        yield from _not_blank("author's name", author.findtext(f"{ATOM}name"))
        yield from _urls(uri.text for uri in author.findall(f"{ATOM}uri"))
    for category in element.findall(f"{ATOM}category"):
        yield from _not_blank("category's term", category.get("term"))
        yield from _urls([category.get("scheme")])
    yield from _atom_links(element.findall(f"{ATOM}link"))


def _atom_links(links: list[Element]) -> Iterator[str]:
    yield from _urls(link.get("href") for link in links)
    alternates = [link.get("type") for link in links if link.get("rel") == "alternate"]
    if not alternates or len(alternates) != len(set(alternates)):
        yield f"not one alternate link for each type: {alternates}"


def _atom_content(content: Element | None) -> Iterator[str]:
    if content is None or content.get("type") != "html" or len(content):
        yield "content is not escaped HTML"
    else:
        yield from _html_problems(content.text or "")


def _atom_threading(entry: Element) -> Iterator[str]:
    for parent in entry.findall(f"{THREAD}in-reply-to"):
        yield from _ids([parent.get("ref")])
        yield from _urls([parent.get("href")])
    for total in entry.findall(f"{THREAD}total"):
        yield from _count(total.text)
    for link in entry.findall(f"{ATOM}link[@rel='replies']"):
        yield from _count(link.get(f"{THREAD}count", "0"))
        yield from _rfc_3339(link.get(f"{THREAD}updated", "2026-01-01T00:00:00Z"))


# RSS


def _rss_problems(root: Element, base_url: str) -> Iterator[str]:
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None or len(root) != 1:
        yield "not one channel in RSS 2.0"
        return
    items = channel.findall("item")
    yield from _exactly_one(channel, "", "title", "link", "description", "lastBuildDate")
    yield from _self_link(channel, base_url)
    yield from _urls([channel.findtext("link")])
    yield from _rfc_822(channel.findtext("lastBuildDate"))
    yield from _ids([item.findtext("guid") for item in items])
    for item in items:
        yield from _rss_item(item)


def _rss_item(item: Element) -> Iterator[str]:
    creator = "{http://purl.org/dc/elements/1.1/}creator"
    yield from _exactly_one(item, "", "guid", "link", "title", "description", "pubDate", creator)
    yield from _not_blank("creator", item.findtext(creator))
    yield from _urls([item.findtext("link")])
    yield from _urls(category.get("domain") for category in item.findall("category"))
    yield from _rfc_822(item.findtext("pubDate"))
    yield from _rfc_3339(item.findtext(f"{ATOM}updated") or "2026-01-01T00:00:00Z")
    yield from _html_problems(item.findtext("description") or "")
    if any(guid.get("isPermaLink") != "false" for guid in item.findall("guid")):
        yield "a guid pretends to be a permalink"
    if any(len(child) for child in item):
        yield "an item has markup that is not escaped"
    for author in item.findall("author"):
        if "@" not in (author.text or ""):
            yield "an item's author is no address"


# JSON Feed


def _json_problems(document: bytes, base_url: str) -> Iterator[str]:
    try:
        feed = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        yield f"not JSON: {error}"
        return
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        yield "not an object with items"
        return
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"the version is {feed.get('version')}"
    if feed.get("feed_url") != base_url:
        yield f"feed_url is {feed.get('feed_url')}, not {base_url}"
    yield from _unknown_members(feed)
    yield from _strings(feed, "title", "description", "home_page_url")
    yield from _urls([feed.get("home_page_url")])
    history = feed["_crossroads"]
    yield from _urls([*history["links"].values(), feed.get("next_url", base_url)])
    yield from _ids([item.get("id") for item in [*feed["items"], *history["deleted"]]])
    for left in history["deleted"]:
        yield from _rfc_3339(left["when"])
    for item in feed["items"]:
        yield from _json_item(item)


def _json_item(item: dict[str, Any]) -> Iterator[str]:
    yield from _unknown_members(item)
    yield from _strings(item, "url", "title", "content_html")
    yield from _urls([item.get("url")])
    yield from _rfc_3339(item.get("date_published"))
    yield from _rfc_3339(item.get("date_modified"))
    yield from _html_problems(str(item.get("content_html")))
    if not item.get("authors"):
        yield "an item has no authors"
    for author in item.get("authors", []):
        yield from _unknown_members(author)
        yield from _not_blank("author's name", author.get("name"))
        yield from _urls([author["url"]] if "url" in author else [])
    if not all(isinstance(tag, str) for tag in item.get("tags", [])):
        yield f"tags are not strings: {item['tags']}"


def _unknown_members(value: dict[str, Any]) -> Iterator[str]:
    for name in value:
        if not re.fullmatch(_KNOWN_MEMBERS, name):
            yield f"{name} is neither known nor an extension"


def _strings(value: dict[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        if not isinstance(value.get(name), str):
            yield f"{name} is {value.get(name)!r}, not a string"


# What the formats have in common


def _exactly_one(element: Element, namespace: str, *names: str) -> Iterator[str]:
    for name in names:
        if (number := len(element.findall(namespace + name))) != 1:
            yield f"{element.tag} has {number} of {name}"


def _self_link(element: Element, base_url: str) -> Iterator[str]:
    found = [link.get("href") for link in element.findall(f"{ATOM}link[@rel='self']")]
    if found != [base_url]:
        yield f"the self link is {found}, not {base_url}"


def _ids(ids: list[str | None]) -> Iterator[str]:
    for identifier, number in Counter(ids).items():
        if number > 1:
            yield f"{identifier} is the id of {number} entries"
        if not isinstance(identifier, str) or not _TAG_URI.fullmatch(identifier):
            yield f"the id {identifier!r} is no tag: URI"


def _urls(urls: Iterable[str | None]) -> Iterator[str]:
    for url in urls:
        parts = urlsplit(url or "")
        if (
            parts.scheme not in {"http", "https"}
            or not parts.hostname
            or re.search(r'[\s<>"{}|\\^`]', str(url))
        ):
            yield f"{url!r} is no absolute URL"


def _rfc_3339(text: str | None) -> Iterator[str]:
    yield from _time(
        text, lambda time: datetime.fromisoformat(time.removesuffix("Z")).isoformat() + "Z"
    )


def _rfc_822(text: str | None) -> Iterator[str]:
    yield from _time(text, lambda time: format_datetime(parsedate_to_datetime(time), usegmt=True))


def _time(text: str | None, rewritten: Callable[[str], str]) -> Iterator[str]:
    try:
        if rewritten(str(text)) == text:
            return
    except ValueError:
        pass
    yield f"{text!r} is no time in UTC, or not written as it should be"


def _not_blank(what: str, text: str | None) -> Iterator[str]:
    if not (text or "").strip():
        yield f"the {what} is blank"


def _count(text: str | None) -> Iterator[str]:
    if not re.fullmatch("[0-9]+", text or ""):
        yield f"{text!r} is no number of replies"


def _html_problems(html: str) -> Iterator[str]:
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if re.fullmatch(_ACTIVE_ELEMENTS, str(element.tag)):
            yield f"HTML has a <{element.tag}>"
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                yield f"HTML has the attribute {name}"
            if re.fullmatch(_LINKING_ATTRIBUTES, name) and not re.match(
                "(?i)https?:|mailto:", value
            ):
                yield f"HTML links to {value!r}"
