"""Markup that attacks, sent through every text of the forum: harmless wherever it comes out."""

import unicodedata
from collections.abc import Iterator
from itertools import count

import html5lib
import pytest

from forum.core.markdown import ALLOWED_TAGS
from tests.community import Community, Json, Person
from tests.corpora.corpora import ATTACKS
from tests.corpora.test_page_corpora import TAGS_OF_THE_PAGE, tags_and_handlers
from tests.databases import on_one_database
from tests.feed_judge import problems
from tests.html_judge import unsafe_parts

BASE_URL = "http://127.0.0.1:8000"
KNOWN_TAGS = TAGS_OF_THE_PAGE | ALLOWED_TAGS | {"q", "dl", "dt", "dd"}
AT_ONCE = 50
"""So many threads with a reply each fill a feed."""


@on_one_database
@pytest.mark.parametrize("corpus", ATTACKS)
def test_attacks_come_out_harmless_everywhere(community: Community, corpus: str) -> None:
    payloads = ATTACKS[corpus]
    for start in range(0, len(payloads), AT_ONCE):
        some = payloads[start : start + AT_ONCE]
        post = post_about(community, some)
        kept: dict[str, Json] = {}
        for payload in some:
            kept |= converse(community, post, payload)
        assert len(kept) > len(some)
        assert list(api_problems(community, kept)) == []
        assert list(page_problems(community, post, kept)) == []
        assert list(feed_problems(community, post)) == []


@pytest.mark.parametrize("corpus", ATTACKS)
def test_the_judges_see_the_attacks_where_nothing_stops_them(corpus: str) -> None:
    payloads = ATTACKS[corpus]
    assert len([each for each in payloads if unsafe_parts(each)]) > len(payloads) / 2
    assert len([each for each in payloads if strangers_in(f"<p>{each}")]) > len(payloads) / 3


def post_about(community: Community, payloads: list[str]) -> Json:
    """A post that is attacked in every text: by the first payload that its title may be."""
    for payload, number in zip(payloads, count(1), strict=False):
        answer = community.admin.post(
            "/posts",
            {
                "url": f"https://blog.example.com/attacked/{number}/{hash(payload)}",
                "title": payload[:300],
                "author_name": payload[:120],
                "summary": payload[:2000],
            },
        )
        if answer.status_code == 201:
            return dict(answer.json)
    raise AssertionError("no payload may be a title")


def converse(community: Community, post: Json, payload: str) -> dict[str, Json]:
    """Attack as a new member in every text; gives what must be read back, by address.

    Where a text is refused, an attack on the next one is tried without it.
    """
    by, kept = community.member(), {}
    name = {"display_name": payload[:80]}
    if by.patch("/me", name).status_code == 200:
        kept[f"/users/{by.username}"] = name
    threads = f"/posts/{post['slug']}/threads"
    thread_id = opened(by, threads, {"title": payload[:200], "body": payload}, kept)
    thread_id = thread_id or opened(by, threads, {"title": None, "body": payload}, kept)
    if thread_id:
        reply_id = opened(by, f"/threads/{thread_id}/replies", {"body": payload}, kept)
        reason = {"path": None, "reason": payload[:500]}
        assert community.admin.put(f"/replies/{reply_id}/pin", reason).status_code in {200, 422}
    return kept


def opened(by: Person, address: str, data: Json, kept: dict[str, Json]) -> int | None:
    answer = by.post(address, data)
    assert answer.status_code in {201, 422}
    if answer.status_code == 422:
        return None
    kind = address.rpartition("/")[2]
    kept[f"/{kind}/{answer.json['id']}"] = data
    return int(answer.json["id"])


def api_problems(community: Community, kept: dict[str, Json]) -> Iterator[tuple[str, object]]:
    for address, data in kept.items():
        shown = community.passer_by.ok("GET", address)
        for member, text in data.items():
            if shown[member] != (text and unicodedata.normalize("NFC", text)):
                yield address, shown[member]
        if unsafe := unsafe_parts(shown.get("body_html", "")):
            yield address, unsafe


def page_problems(
    community: Community, post: Json, kept: dict[str, Json]
) -> Iterator[tuple[str, object]]:
    users = [address for address in kept if address.startswith("/users/")]
    threads = [address for address in kept if address.startswith("/threads/")]
    for address in ["/", f"/posts/{post['slug']}", *threads, *users[::10]]:
        page = community.client.open(address).get_data(as_text=True)
        if strangers := strangers_in(page):
            yield address, strangers


def strangers_in(page: str) -> set[object]:
    """What no page of the forum has: other elements than its own, and what runs something."""
    parsed = html5lib.parse(page, namespaceHTMLElements=False)
    return tags_and_handlers(parsed) - KNOWN_TAGS


def feed_problems(community: Community, post: Json) -> Iterator[tuple[str, list[str]]]:
    for kind in ("atom", "rss", "json"):
        address = f"/feeds/posts/{post['slug']}.{kind}?limit=100"
        document = community.client.open(address).data
        if found := problems(kind, document, f"{BASE_URL}{address}"):
            yield kind, found
