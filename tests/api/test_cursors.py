"""Cursors: opaque, tamper-evident, and good for one list only."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.apps import Answer
from tests.community import Community, Json
from tests.databases import on_one_database

pytestmark = on_one_database


@pytest.fixture
def post(community: Community) -> Json:
    post = community.post()
    for _ in range(4):
        community.thread(post=post)
    return post


def cursor_of(community: Community, address: str) -> str:
    following: str = community.passer_by.ok("GET", address)["page"]["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


def with_cursor(community: Community, address: str, cursor: str) -> Answer:
    separator = "&" if "?" in address else "?"
    return community.passer_by.get(f"{address}{separator}cursor={cursor}")


def is_mismatch(answer: Answer) -> bool:
    return (answer.status_code, answer.json["code"]) == (400, "cursor-mismatch")


def test_only_the_limit_may_change_from_page_to_page(community: Community, post: Json) -> None:
    threads = f"/posts/{post['slug']}/threads"
    cursor = cursor_of(community, f"{threads}?limit=1")
    found = with_cursor(community, f"{threads}?limit=2", cursor).json
    assert (len(found["items"]), found["page"]["limit"]) == (2, 2)


@pytest.mark.parametrize("other", ["?sort=new", "?sort=top"])
def test_a_cursor_of_another_sort_is_refused(community: Community, post: Json, other: str) -> None:
    threads = f"/posts/{post['slug']}/threads"
    cursor = cursor_of(community, f"{threads}?limit=1")
    assert is_mismatch(with_cursor(community, threads + other, cursor))


def test_a_cursor_of_another_list_is_refused(community: Community, post: Json) -> None:
    cursor = cursor_of(community, f"/posts/{post['slug']}/threads?sort=new&limit=1")
    other = community.post()
    assert is_mismatch(with_cursor(community, f"/posts/{other['slug']}/threads?sort=new", cursor))
    assert is_mismatch(with_cursor(community, "/posts?sort=new", cursor))


def test_a_cursor_of_another_filter_is_refused(community: Community, post: Json) -> None:
    community.post()
    cursor = cursor_of(community, "/posts?limit=1")
    assert is_mismatch(with_cursor(community, "/posts?path=technical-path", cursor))


def test_a_changed_cursor_is_refused(community: Community, post: Json) -> None:
    threads = f"/posts/{post['slug']}/threads"
    cursor = cursor_of(community, f"{threads}?limit=1")
    for place in range(0, len(cursor), 7):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert is_mismatch(with_cursor(community, threads, changed))


def test_the_same_position_has_the_same_cursor(community: Community, post: Json) -> None:
    threads = f"/posts/{post['slug']}/threads?limit=1"
    assert cursor_of(community, threads) == cursor_of(community, threads)


@pytest.mark.parametrize("cursor", ["x", "1", "null", "%00", "%ff", "..", "WyJhIl0.x", "a" * 999])
def test_what_is_no_cursor_is_refused(community: Community, cursor: str) -> None:
    assert is_mismatch(with_cursor(community, "/posts", cursor))


@pytest.mark.parametrize("cursor", ["", "a" * 10_000])
def test_what_no_cursor_can_be_is_invalid(community: Community, cursor: str) -> None:
    answer = with_cursor(community, "/posts", cursor)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?cursor")


def test_a_page_after_the_end_of_what_was_deleted_is_empty(community: Community) -> None:
    first, second = community.post(), community.post()
    following = community.passer_by.ok("GET", "/posts?limit=1")["page"]["next"]
    for post in (first, second):
        community.admin.delete(f"/posts/{post['slug']}")
    page = community.passer_by.ok("GET", following)
    assert (page["items"], page["page"]["next"]) == ([], None)
