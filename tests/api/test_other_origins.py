"""Pages of other origins may call the API if the owner named their origin."""

from collections.abc import Callable

import pytest

from tests.apps import Answer, SeparateClient
from tests.community import API, Community
from tests.databases import on_one_database

pytestmark = on_one_database

BLOG = "https://blog.example.com"


@pytest.fixture
def open_to_blogs(make_community: Callable[..., Community]) -> Community:
    origins = f"{BLOG}, http://[::1]:3000,https://other.example.org"
    return make_community(FORUM_ALLOWED_ORIGINS=origins)


def preflight(client: SeparateClient, origin: str, method: str = "PUT") -> Answer:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,if-match",
    }
    return client.open(API + "/threads/1/vote", method="OPTIONS", headers=headers)


@pytest.mark.parametrize("origin", [BLOG, "http://[::1]:3000", "https://other.example.org"])
def test_a_named_origin_is_let_in(open_to_blogs: Community, origin: str) -> None:
    answer = open_to_blogs.passer_by.get("/posts", headers={"Origin": origin})
    assert answer.headers.getlist("Access-Control-Allow-Origin") == [origin]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://blog.example.com",
        "https://blog.example.com:8443",
        "https://blogXexample.com",
        "https://blog.example.com.evil.example",
        "https://sub.blog.example.com",
        "http://1:3000",
        "null",
    ],
)
def test_other_origins_are_not(open_to_blogs: Community, origin: str) -> None:
    answer = open_to_blogs.passer_by.get("/posts", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Access-Control-Allow-Origin" not in preflight(open_to_blogs.client, origin).headers


def test_nobody_is_let_in_unless_named(community: Community) -> None:
    answer = community.passer_by.get("/posts", headers={"Origin": BLOG})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_an_origin_nobody_is_named(open_to_blogs: Community) -> None:
    answer = open_to_blogs.passer_by.get("/posts")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"Origin": BLOG}, {"Origin": "https://evil.example"}])
def test_caches_tell_origins_apart(open_to_blogs: Community, headers: dict[str, str]) -> None:
    assert "Origin" in open_to_blogs.passer_by.get("/posts", headers=headers).vary


def test_errors_can_be_read_by_a_named_origin(open_to_blogs: Community) -> None:
    answer = open_to_blogs.passer_by.get("/nowhere", headers={"Origin": BLOG})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, BLOG)


def test_cookies_are_never_asked_for(open_to_blogs: Community) -> None:
    answer = open_to_blogs.passer_by.get("/posts", headers={"Origin": BLOG})
    for headers in (answer.headers, preflight(open_to_blogs.client, BLOG).headers):
        assert "Access-Control-Allow-Credentials" not in headers
        assert "Set-Cookie" not in headers


def test_what_a_page_needs_to_know_is_exposed(open_to_blogs: Community) -> None:
    answer = open_to_blogs.passer_by.get("/posts", headers={"Origin": BLOG})
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Link", "Location", "RateLimit", "Retry-After", "X-Request-ID"} <= exposed


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_page_may_ask_first(open_to_blogs: Community, method: str) -> None:
    answer = preflight(open_to_blogs.client, BLOG, method)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == BLOG
    assert method in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    for name in ("authorization", "content-type", "idempotency-key", "if-match"):
        assert name in allowed
