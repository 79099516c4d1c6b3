"""One feed in three formats: what each says and keeps, and that their judge sees what is wrong."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import orjson
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from forum.feeds import atom, json_feed, rss
from forum.feeds.model import Category, Deleted, Entry, Feed, InReplyTo, carriable, tag_uri
from tests.feed_judge import problems

FORMATS: dict[str, ModuleType] = {"atom": atom, "rss": rss, "json": json_feed}
SITE = "https://forum.example"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
}

every_format = pytest.mark.parametrize("kind", FORMATS)


def tag(specific: str) -> str:
    return tag_uri("forum.example", date(2026, 1, 1), specific)


def an_entry(number: int = 1, **changes: Any) -> Entry:
    entry = Entry(
        id=tag(f"replies/{number}"),
        url=f"{SITE}/replies/{number}",
        title="Re: Staff engineer or manager?",
        author_name="Ada",
        author_url=f"{SITE}/users/ada",
        html="<p>Stay <em>technical</em> &amp; mentor.</p>",
        published=NOON,
        updated=NOON + timedelta(minutes=5),
        paths=(Category(term="technical-path", scheme=f"{SITE}/paths"),),
        in_reply_to=InReplyTo(ref=tag("threads/7"), href=f"{SITE}/threads/7"),
        reply_count=2,
        replies_updated=NOON + timedelta(hours=1),
    )
    return replace(entry, **changes)


def a_feed(*entries: Entry, kind: str = "atom") -> Feed:
    return Feed(
        id=tag("feeds/replies"),
        title="New replies",
        subtitle="What the community says",
        self_url=f"{SITE}/feeds/replies.{kind}",
        alternate_url=f"{SITE}/",
        updated=NOON + timedelta(hours=1),
        is_complete=True,
        entries=entries,
        deleted=(Deleted(tag("replies/99999"), NOON + timedelta(hours=2)),),
    )


def rendered(kind: str, *entries: Entry) -> bytes:
    document: bytes = FORMATS[kind].render(a_feed(*entries, kind=kind))
    return document


def verdict(kind: str, document: bytes) -> list[str]:
    return problems(kind, document, f"{SITE}/feeds/replies.{kind}")


def atom_entry(**changes: Any) -> Any:
    return fromstring(rendered("atom", an_entry(**changes))).find("atom:entry", NAMESPACES)


def rss_item(**changes: Any) -> Any:
    return fromstring(rendered("rss", an_entry(**changes))).find("channel/item")


def json_item(**changes: Any) -> dict[str, Any]:
    item: dict[str, Any] = orjson.loads(rendered("json", an_entry(**changes)))["items"][0]
    return item


def texts(kind: str, entry: Entry) -> tuple[str, str, str]:
    """Title, author and HTML of `entry` as a reader of the format gets them back."""
    document = rendered(kind, entry)
    if kind == "json":
        item = orjson.loads(document)["items"][0]
        return item["title"], item["authors"][0]["name"], item["content_html"]
    names = {
        "atom": (
            "atom:entry/atom:title",
            "atom:entry/atom:author/atom:name",
            "atom:entry/atom:content",
        ),
        "rss": ("channel/item/title", "channel/item/dc:creator", "channel/item/description"),
    }[kind]
    root = fromstring(document)
    title, author, html = (root.findtext(name, namespaces=NAMESPACES) or "" for name in names)
    return title, author, html


# Every format


@every_format
def test_a_full_feed_is_valid(kind: str) -> None:
    entries = [an_entry(number) for number in range(100)]
    assert verdict(kind, rendered(kind, *entries)) == []


@every_format
def test_an_entry_with_nothing_optional_is_valid(kind: str) -> None:
    bare = an_entry(
        author_url=None, paths=(), in_reply_to=None, reply_count=0, replies_updated=None
    )
    assert verdict(kind, rendered(kind, bare)) == []


@every_format
def test_a_feed_without_entries_is_valid(kind: str) -> None:
    assert verdict(kind, rendered(kind)) == []


@every_format
def test_entries_keep_their_order(kind: str) -> None:
    document = rendered(kind, an_entry(3), an_entry(1), an_entry(2)).decode()
    assert re.findall(r":replies/(\d)\b", document) == ["3", "1", "2"]


@every_format
def test_the_same_feed_gives_the_same_bytes(kind: str) -> None:
    assert rendered(kind, an_entry()) == rendered(kind, an_entry())


@every_format
@given(text=st.text(st.characters(codec=None)))
def test_any_text_is_read_back_as_the_model_holds_it(kind: str, text: str) -> None:
    entry = an_entry(title=text, author_name=text, html=text)
    assert texts(kind, entry) == (entry.title, entry.author_name, entry.html)


@every_format
@given(text=st.text())
def test_any_title_and_name_make_a_valid_document(kind: str, text: str) -> None:
    assert verdict(kind, rendered(kind, an_entry(title=text, author_name=f"@{text}"))) == []


@every_format
def test_a_reply_that_both_paths_claim_names_both(kind: str) -> None:
    both = [
        Category(f"{name}-path", scheme=f"{SITE}/paths") for name in ("technical", "management")
    ]
    document = rendered(kind, an_entry(paths=tuple(both)))
    assert verdict(kind, document) == []
    assert b"technical-path" in document
    assert b"management-path" in document


@every_format
def test_markup_in_a_title_stays_text(kind: str) -> None:
    title, _, _ = texts(kind, an_entry(title="Q&A: <b>bold</b> &lt;moves&gt; ]]>"))
    assert title == "Q&A: <b>bold</b> &lt;moves&gt; ]]>"


@every_format
def test_html_is_carried_unchanged(kind: str) -> None:
    _, _, html = texts(kind, an_entry(html="<p>a &lt; b ]]&gt;<br></p>\n"))
    assert html == "<p>a &lt; b ]]&gt;<br></p>\n"


# Atom


def test_atom_names_the_feed_and_its_addresses() -> None:
    root = fromstring(rendered("atom"))
    links = {link.get("rel"): link.get("href") for link in root.findall("atom:link", NAMESPACES)}
    assert root.findtext("atom:id", namespaces=NAMESPACES) == tag("feeds/replies")
    assert links == {"self": f"{SITE}/feeds/replies.atom", "alternate": f"{SITE}/"}


def test_atom_tells_when_an_entry_was_published_and_edited() -> None:
    entry = atom_entry()
    assert entry.findtext("atom:published", namespaces=NAMESPACES) == "2026-03-01T12:00:00Z"
    assert entry.findtext("atom:updated", namespaces=NAMESPACES) == "2026-03-01T12:05:00Z"


def test_atom_names_the_author_and_their_page() -> None:
    author = atom_entry().find("atom:author", NAMESPACES)
    assert [child.text for child in author] == ["Ada", f"{SITE}/users/ada"]


def test_atom_gives_the_path_as_a_category_of_its_scheme() -> None:
    category = atom_entry().find("atom:category", NAMESPACES)
    assert category.attrib == {"term": "technical-path", "scheme": f"{SITE}/paths"}


def test_atom_says_what_an_entry_replies_to() -> None:
    parent = atom_entry().find("thr:in-reply-to", NAMESPACES)
    assert parent.attrib == {
        "ref": tag("threads/7"),
        "href": f"{SITE}/threads/7",
        "type": "text/html",
    }


def test_atom_counts_the_replies_and_says_when_the_last_came() -> None:
    entry = atom_entry()
    replies = entry.find("atom:link[@rel='replies']", NAMESPACES)
    assert replies.get(f"{{{NAMESPACES['thr']}}}count") == "2"
    assert replies.get(f"{{{NAMESPACES['thr']}}}updated") == "2026-03-01T13:00:00Z"
    assert entry.findtext("thr:total", namespaces=NAMESPACES) == "2"


def test_atom_links_to_no_replies_where_there_are_none() -> None:
    entry = atom_entry(reply_count=0, replies_updated=None)
    assert entry.find("atom:link[@rel='replies']", NAMESPACES) is None


# RSS


def test_rss_identifies_an_item_by_its_tag_uri() -> None:
    guid = rss_item().find("guid")
    assert (guid.text, guid.get("isPermaLink")) == (tag("replies/1"), "false")


def test_rss_dates_an_item_in_gmt() -> None:
    assert rss_item().findtext("pubDate") == "Sun, 01 Mar 2026 12:00:00 GMT"


def test_rss_tells_when_an_item_was_edited() -> None:
    updated = rss_item().findtext("atom:updated", namespaces=NAMESPACES)
    assert updated == "2026-03-01T12:05:00Z"


def test_rss_names_author_path_and_number_of_replies() -> None:
    item = rss_item()
    category = item.find("category")
    assert item.findtext("dc:creator", namespaces=NAMESPACES) == "Ada"
    assert (category.text, category.get("domain")) == ("technical-path", f"{SITE}/paths")
    assert item.findtext("slash:comments", namespaces=NAMESPACES) == "2"


def test_rss_was_last_built_when_the_feed_last_changed() -> None:
    built = fromstring(rendered("rss")).findtext("channel/lastBuildDate")
    assert built == "Sun, 01 Mar 2026 13:00:00 GMT"


# JSON Feed


def test_json_feed_tells_what_the_other_formats_tell() -> None:
    assert json_item() == {
        "id": tag("replies/1"),
        "url": f"{SITE}/replies/1",
        "title": "Re: Staff engineer or manager?",
        "content_html": "<p>Stay <em>technical</em> &amp; mentor.</p>",
        "date_published": "2026-03-01T12:00:00Z",
        "date_modified": "2026-03-01T12:05:00Z",
        "authors": [{"name": "Ada", "url": f"{SITE}/users/ada"}],
        "tags": ["technical-path"],
        "_crossroads": {
            "in_reply_to": {"id": tag("threads/7"), "url": f"{SITE}/threads/7"},
            "reply_count": 2,
            "replies_updated": "2026-03-01T13:00:00Z",
        },
    }


def test_json_feed_leaves_out_an_author_page_that_does_not_exist() -> None:
    assert json_item(author_url=None)["authors"] == [{"name": "Ada"}]


# The model


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        ("tab\tand\nline", "tab\tand\nline"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        (
            "nul\x00, escape\x1b, delete\x7f, C1\x9f",
            "nul\ufffd, escape\ufffd, delete\ufffd, C1\ufffd",
        ),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("\ufffe and \uffff", "\ufffd and \ufffd"),
        ("café, 日本, 🧭, \u202e", "café, 日本, 🧭, \u202e"),
    ],
)
def test_text_that_a_format_cannot_carry_is_replaced(text: str, carried: str) -> None:
    assert carriable(text) == carried


def test_a_time_of_another_zone_is_turned_into_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert (
        "2026-03-01T03:00:00Z"
        in rendered("atom", an_entry(published=NOON.replace(tzinfo=tokyo))).decode()
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        an_entry(published=NOON.replace(tzinfo=None))


def test_a_tag_uri_names_authority_date_and_thing() -> None:
    uri = tag_uri("Forum.Example", date(2026, 1, 1), "replies/1")
    assert uri == "tag:forum.example,2026-01-01:replies/1"


def test_a_tag_uri_encodes_what_a_uri_cannot_hold() -> None:
    uri = tag_uri("forum.example", date(2026, 1, 1), "posts/años #1 100%")
    assert uri == "tag:forum.example,2026-01-01:posts/a%C3%B1os%20%231%20100%25"


@pytest.mark.parametrize(
    "authority", ["", "forum.example:8000", "::1", "-a.example", "a..b", "é.example"]
)
def test_a_tag_uri_needs_a_dns_name(authority: str) -> None:
    with pytest.raises(ValueError, match="DNS name"):
        tag_uri(authority, date(2026, 1, 1), "replies/1")


# The judge


@pytest.mark.parametrize(
    ("kind", "good", "bad", "problem"),
    [
        ("atom", "</feed>", "", "not well-formed"),
        ("atom", "<feed", "<!DOCTYPE feed><feed", "not well-formed"),
        ("atom", "Ada", "A\x0bda", "not well-formed"),
        ("atom", "Ada", "A\x85\ud800", "not well-formed"),
        ("atom", "<title>New replies</title>", "", "has 0 of title"),
        ("atom", "2005/Atom", "2006/Atom", "the root is"),
        ("atom", "published>", "printed>", "printed is no element"),
        ("atom", ":replies/1<", ":feeds/replies<", "is the id of 2"),
        ("atom", "tag:forum.example,2026-01-01:replies/1", "replies/1", "no tag: URI"),
        ("atom", "2026-03-01T12:05:00Z", "2026-03-01 12:05:00Z", "is no time"),
        ("atom", "2026-03-01T12:05:00Z", "2026-02-29T12:05:00Z", "is no time"),
        ("atom", "2026-03-01T12:05:00Z", "2026-03-01T12:05:00", "is no time"),
        ("atom", "replies.atom", "replies.rss", "the self link is"),
        ("atom", 'rel="self"', 'rel="next"', "the self link is"),
        ("atom", 'rel="alternate"', 'rel="related"', "alternate"),
        ("atom", "https://forum.example/replies/1", "/replies/1", "no absolute URL"),
        ("atom", "https://forum.example/paths", "paths", "no absolute URL"),
        ("atom", "https://forum.example/threads/7", "/threads/7", "no absolute URL"),
        ("atom", "<name>Ada</name>", "<name> </name>", "author's name is blank"),
        ("atom", "<title>Re:", '<title type="html">Re:', "title is not plain text"),
        ("atom", 'type="html"', 'type="xhtml"', "not escaped HTML"),
        ("atom", "&lt;em&gt;", "<em/>", "not escaped HTML"),
        ("atom", "&lt;em&gt;", "&lt;script&gt;", "<script>"),
        ("atom", "&lt;em&gt;", "&lt;em onclick=x&gt;", "onclick"),
        ("atom", "&lt;em&gt;", '&lt;a href="/x"&gt;', "links to '/x'"),
        ("atom", "&lt;em&gt;", '&lt;a href="javascript:x"&gt;', "links to 'javascript:x'"),
        ("atom", "total>2", "total>two", "no number of replies"),
        ("rss", "</rss>", "", "not well-formed"),
        ("rss", 'version="2.0"', 'version="0.91"', "not one channel"),
        ("rss", "<link>https://forum.example/</link>", "", "has 0 of link"),
        ("rss", "<description>What the community says</description>", "", "has 0 of description"),
        ("rss", 'isPermaLink="false"', "", "permalink"),
        ("rss", "replies.rss", "replies.atom", "the self link is"),
        ("rss", "Sun, 01 Mar 2026 12:00:00 GMT", "Mon, 01 Mar 2026 12:00:00 GMT", "is no time"),
        ("rss", "Sun, 01 Mar 2026 12:00:00 GMT", "2026-03-01T12:00:00Z", "is no time"),
        ("rss", "dc:creator>", "author>", "no address"),
        ("rss", "&lt;em&gt;", "<em/>", "not escaped"),
        ("rss", "slash:comments>", "answers>", "answers is no element"),
        ("json", "}]}", "", "not JSON"),
        ("json", "version/1.1", "version/2", "the version is"),
        ("json", '"items"', '"entries"', "not an object with items"),
        ("json", "replies.json", "replies.atom", "feed_url is"),
        ("json", '_crossroads":{"in', 'crossroads":{"in', "neither known nor an extension"),
        ("atom", "<fh:complete />", "<fh:archive />", "an archive does not lead"),
        ("atom", 'ref="tag:', 'ref="tag', "no tag: URI"),
        ("rss", 'when="2026-03-01T14', 'by="ada" when="2026-03-01T14', "more than it must"),
        ("json", '"when":"2026', '"when":"in 2026', "is no time"),
        ("json", '"tag:forum.example,2026-01-01:replies/1"', "1", "no tag: URI"),
        ("json", "2026-03-01T12:00:00Z", "yesterday", "is no time"),
        ("json", '"content_html"', '"content_text"', "content_html is None"),
        ("json", '{"name":"Ada",', "{", "author's name is blank"),
        ("json", '["technical-path"]', "[1]", "tags are not strings"),
    ],
)
def test_the_judge_sees_what_is_wrong(kind: str, good: str, bad: str, problem: str) -> None:
    document = rendered(kind, an_entry()).decode()
    assert good in document
    broken = document.replace(good, bad).encode(errors="surrogatepass")
    assert any(problem in found for found in verdict(kind, broken))
