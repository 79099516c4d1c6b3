"""Finding posts, and how much is said about them, by the address of a page."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.apps import Answer
from tests.community import Community, Json
from tests.databases import on_one_database

URL = "https://blog.example.com/ladders"


@pytest.fixture
def post(community: Community) -> Json:
    return community.post(url=URL)


def lookup(community: Community, url: str) -> Answer:
    return community.passer_by.get("/posts/lookup", query_string={"url": url})


def counts(community: Community, urls: list[str]) -> Answer:
    return community.passer_by.get("/posts/counts?" + urlencode([("url", url) for url in urls]))


def nothing_at(url: str) -> Json:
    return {"url": url, "post_id": None, "thread_count": 0, "reply_count": 0}


def test_a_post_is_found_by_its_url(community: Community, post: Json) -> None:
    assert lookup(community, URL).json == post


@on_one_database
@pytest.mark.parametrize(
    "twin",
    [
        "https://blog.example.com/ladders#comments",
        "https://blog.example.com/ladders?utm_source=mail&fbclid=1",
        "http://blog.example.com/ladders",
        "https://blog.example.com/ladders/",
        "HTTPS://BLOG.example.com:443/ladders/?utm_medium=x#top",
    ],
)
def test_it_is_found_by_what_leads_to_the_same_page(
    community: Community, post: Json, twin: str
) -> None:
    assert lookup(community, twin).json["id"] == post["id"]


@on_one_database
@pytest.mark.usefixtures("post")
@pytest.mark.parametrize(
    "other",
    [
        "https://blog.example.com/",
        "https://blog.example.com/Ladders",
        "https://blog.example.com/ladders?page=2",
        "https://www.blog.example.com/ladders",
        "https://blog.example.com:8443/ladders",
    ],
)
def test_other_pages_are_not_found(community: Community, other: str) -> None:
    answer = lookup(community, other)
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


@on_one_database
@pytest.mark.parametrize("url", ["", "ladders", "javascript:alert(1)", "https://a.example/\0"])
def test_what_is_no_address_is_refused(community: Community, url: str) -> None:
    answer = lookup(community, url)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?url")


@on_one_database
def test_a_lookup_without_an_address_is_refused(community: Community) -> None:
    assert community.passer_by.get("/posts/lookup").status_code == 422


def test_counts_come_in_the_order_of_the_addresses(community: Community, post: Json) -> None:
    thread = community.thread(post=post)
    community.reply(thread=thread)
    community.reply(thread=thread)
    elsewhere = "https://elsewhere.example/"
    known = {"url": URL + "/#top", "post_id": post["id"], "thread_count": 1, "reply_count": 2}
    answer = counts(community, [elsewhere, URL + "/#top", elsewhere])
    assert answer.json == {"items": [nothing_at(elsewhere), known, nothing_at(elsewhere)]}


def test_a_hundred_addresses_are_counted_at_once(community: Community) -> None:
    urls = [f"https://blog.example.com/{number}" for number in range(100)]
    assert counts(community, urls).json["items"] == [nothing_at(url) for url in urls]


def test_more_than_a_hundred_are_refused(community: Community) -> None:
    answer = counts(community, [URL] * 101)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?url")


@on_one_database
@pytest.mark.parametrize("query", ["", "url=", "url=x", "url=https://a.example&page=1"])
def test_other_questions_are_refused(community: Community, query: str) -> None:
    assert community.passer_by.get(f"/posts/counts?{query}").status_code == 422


@pytest.mark.usefixtures("post")
def test_a_deleted_post_counts_nothing(community: Community, post: Json) -> None:
    community.admin.delete(f"/posts/{post['slug']}")
    assert counts(community, [URL]).json["items"] == [nothing_at(URL)]
    assert lookup(community, URL).status_code == 404


def test_counts_are_found_under_an_alias(community: Community, post: Json) -> None:
    changes: dict[str, Any] = {"url": "https://new.example.com/"}
    community.admin.ok("PATCH", f"/posts/{post['slug']}", changes)
    found = counts(community, [URL, "https://new.example.com/"]).json["items"]
    assert [item["post_id"] for item in found] == [post["id"]] * 2
