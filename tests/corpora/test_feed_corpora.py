"""Feeds full of hostile text: valid in every format, and read back as it was written."""

import json
import os
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import orjson
import pytest
from defusedxml.ElementTree import fromstring

from forum.core.markdown import render as render_markdown
from forum.feeds import atom, json_feed, rss
from forum.feeds.model import Entry, Feed, tag_uri
from tests.feed_judge import ATOM, problems

FORMATS: dict[str, ModuleType] = {"atom": atom, "rss": rss, "json": json_feed}
SELF_URL = "https://forum.example/feeds/replies"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DC = "{http://purl.org/dc/elements/1.1/}"

every_format = pytest.mark.parametrize("kind", FORMATS)


def corpus(path: str, member: str = "") -> list[str]:
    records = json.loads((Path(os.environ["FORUM_CORPORA"]) / path).read_text())
    return [record[member] if member else record for record in records]


NAUGHTY = corpus("naughty/blns.json")
XSS = [
    *corpus("xss/dompurify_expect.json", "payload"),
    *corpus("xss/loofah_sanitizer_tests1.json", "input"),
    *corpus("xss/nh3_test_nh3_strings.json"),
    *corpus("xss/owasp_filter_evasion.json", "payload"),
    *corpus("xss/sanitize_html_inputs.json"),
]
HOSTILE = [*NAUGHTY, *XSS]
RENDERED = [render_markdown(text) for text in HOSTILE]


def an_entry(number: int, text: str, html: str) -> Entry:
    return Entry(
        id=tag_uri("forum.example", date(2026, 1, 1), f"replies/{number}"),
        url=f"https://forum.example/replies/{number}",
        title=text,
        author_name=f"@{text}",
        html=html,
        published=NOON,
        updated=NOON,
    )


def a_feed(*entries: Entry, text: str = "New replies") -> Feed:
    return Feed(
        id=tag_uri("forum.example", date(2026, 1, 1), "feeds/replies"),
        title=text,
        subtitle=text,
        self_url=SELF_URL,
        alternate_url="https://forum.example/",
        updated=NOON,
        entries=entries,
    )


HOSTILE_FEED = a_feed(
    *map(an_entry, range(len(HOSTILE)), HOSTILE, RENDERED), text=" ".join(HOSTILE)
)


def without_controls(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if is_control(character) else character for character in lines)


def is_control(character: str) -> bool:
    if character in "\ufffe\uffff":
        return True
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n"


def entries_read_back(kind: str, document: bytes) -> list[tuple[str, str, str]]:
    """Title, author and HTML of every entry, as a program gets them from the document."""
    if kind == "json":
        return [
            (item["title"], item["authors"][0]["name"], item["content_html"])
            for item in orjson.loads(document)["items"]
        ]
    entry, title, name, html = {
        "atom": (f"{ATOM}entry", f"{ATOM}title", f"{ATOM}author/{ATOM}name", f"{ATOM}content"),
        "rss": ("item", "title", f"{DC}creator", "description"),
    }[kind]
    return [
        (found.findtext(title, ""), found.findtext(name, ""), found.findtext(html, ""))
        for found in fromstring(document).iter(entry)
    ]


@every_format
def test_a_feed_of_hostile_text_is_valid(kind: str) -> None:
    assert problems(kind, FORMATS[kind].render(HOSTILE_FEED), SELF_URL) == []


@every_format
def test_hostile_text_is_read_back_unchanged_but_for_its_control_characters(kind: str) -> None:
    assert entries_read_back(kind, FORMATS[kind].render(HOSTILE_FEED)) == [
        (without_controls(text), without_controls(f"@{text}"), without_controls(html))
        for text, html in zip(HOSTILE, RENDERED, strict=True)
    ]


@every_format
def test_the_same_text_as_html_without_rendering_would_be_caught(kind: str) -> None:
    raw = a_feed(*(an_entry(number, "Raw", text) for number, text in enumerate(XSS)))
    found = problems(kind, FORMATS[kind].render(raw), SELF_URL)
    assert len([problem for problem in found if problem.startswith("HTML")]) > len(XSS) / 2
