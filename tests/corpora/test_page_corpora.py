"""Hostile text through the API and back out of the pages: shown as text, and as nothing else."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient

from forum.core.markdown import ALLOWED_TAGS
from tests.community import Community, Json
from tests.html_judge import unsafe_parts

_SVG = "{http://www.w3.org/2000/svg}"
TAGS_OF_THE_PAGE = frozenset(
    {"html", "head", "meta", "title", "link", "body", "a", "header", "main", "footer", "nav"}
    | {"section", "article", "div", "span", "p", "h1", "h2", "h3", "ul", "ol", "li", "time"}
    | {"bdi", f"{_SVG}svg", f"{_SVG}path"}
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter which


def corpus(path: str, member: str = "") -> list[str]:
    records = json.loads((Path(os.environ["FORUM_CORPORA"]) / path).read_text())
    return [record[member] if member else record for record in records]


HOSTILE = [
    *corpus("naughty/blns.json"),
    *corpus("xss/dompurify_expect.json", "payload"),
    *corpus("xss/loofah_sanitizer_tests1.json", "input"),
    *corpus("xss/nh3_test_nh3_strings.json"),
    *corpus("xss/owasp_filter_evasion.json", "payload"),
    *corpus("xss/sanitize_html_inputs.json"),
]


def test_hostile_titles_and_bodies_stay_text_on_the_pages(
    community: Community, client: FlaskClient
) -> None:
    post = community.post()
    threads = hostile_threads(community, post)
    shown = set()
    for page in pages_of(client, f"/posts/{post['slug']}?sort=new"):
        assert tags_and_handlers(page) <= TAGS_OF_THE_PAGE | ALLOWED_TAGS
        for article in page.iterfind(".//article"):
            thread = threads[int(article.get("id", "").removeprefix("thread-"))]
            (title,) = article.iterfind("h3/a")
            (body,) = article.iterfind("div[@class='body']")
            assert "".join(title.itertext()) == thread["title"]
            assert not unsafe_parts("".join(html5lib.serialize(child) for child in body))
            shown.add(thread["id"])
    assert shown == set(threads)


def hostile_threads(community: Community, post: Json) -> dict[int, Json]:
    """By id, a thread for each text that is not refused, as its title and as what it says."""
    member = community.member()
    opened: dict[int, Json] = {}
    for text in HOSTILE:
        data = {"title": text[:200], "body": text}
        answer = member.post(f"/posts/{post['slug']}/threads", data)
        assert answer.status_code in {201, 422}
        if answer.status_code == 201:
            opened[answer.json["id"]] = answer.json
    assert len(opened) > len(HOSTILE) / 2
    return opened


def pages_of(client: FlaskClient, first: str) -> Iterator[Element]:
    """The pages of a list, as a browser parses them."""
    address: str | None = first
    while address:
        text = client.get(address).get_data(as_text=True)
        page: Element = html5lib.parse(text, namespaceHTMLElements=False)
        yield page
        onward = page.find(".//a[@rel='next']")
        address = None if onward is None else onward.get("href")


def tags_and_handlers(page: Element) -> set[object]:
    """The tags of a page and the names of attributes that would run something."""
    names = {name for element in page.iter() for name in element.attrib}
    tags: set[object] = {element.tag for element in page.iter()}
    return tags | {name for name in names if name.startswith("on") or name == "style"}
