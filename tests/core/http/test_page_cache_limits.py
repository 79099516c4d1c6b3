"""What is not kept, so that the kept answers stay within their bounds whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.core.changes import Changes
from forum.core.db import db
from forum.core.http.page_cache import LONGEST_KEY, PageCache
from tests.apps import SeparateClient
from tests.databases import on_one_database

pytestmark = on_one_database

OnHit = Callable[[dict[str, Any], str, int], str]
MakeClient = Callable[..., SeparateClient]


@pytest.fixture
def hits() -> list[str]:
    """The queries of the requests that were given a kept answer."""
    return []


@pytest.fixture
def make_client(make_app: Callable[..., Flask], hits: list[str]) -> MakeClient:
    """Makes a client of an application in front of which so many bytes are kept."""

    def note(environ: dict[str, Any], _route: str, _status: int) -> str:
        hits.append(environ["QUERY_STRING"])
        return "given-again"

    def make(max_bytes: int = 2**20, on_hit: OnHit = note) -> SeparateClient:
        app = make_app(FORUM_PAGE_CACHE_MEGABYTES=0)
        with app.app_context():
            changes = Changes(db.engine)
        layer = PageCache(app.wsgi_app, changes, max_bytes, (), on_hit)
        app.wsgi_app = layer  # type: ignore[method-assign]  # as Flask documents it
        return SeparateClient(app)

    return make


def test_the_answers_longest_unused_make_room(make_client: MakeClient, hits: list[str]) -> None:
    client = make_client(max_bytes=10_000)
    for query in ("limit=1", "limit=2", "limit=3", "limit=4", "limit=1", "limit=4"):
        client.get(f"/api/v1/posts?{query}")
    assert hits == ["limit=4"]


def test_long_addresses_take_room(make_client: MakeClient, hits: list[str]) -> None:
    client, long = make_client(max_bytes=10_000), "&" * 1_500
    for query in (f"limit=1{long}", f"limit=2{long}", f"limit=3{long}", f"limit=1{long}"):
        client.get(f"/api/v1/posts?{query}")
    assert hits == []


@pytest.mark.parametrize(
    "headers", [{"QUERY_STRING": "&" * LONGEST_KEY}, {"HTTP_ORIGIN": "x" * LONGEST_KEY}]
)
def test_nothing_is_kept_for_an_address_that_is_too_long(
    make_client: MakeClient, hits: list[str], headers: dict[str, str]
) -> None:
    client = make_client()
    for _ in range(2):
        assert client.get("/api/v1/posts", environ_overrides=headers).status_code == 200
    assert hits == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [("sort=new", ["sort=new"]), ("utm_source=mail", []), ("sort=new&fbclid=1", [])],
)
def test_pages_are_kept_at_addresses_of_their_own(
    make_client: MakeClient, hits: list[str], query: str, expected: list[str]
) -> None:
    client = make_client()
    for _ in range(2):
        assert client.get(f"/?{query}").status_code == 200
    assert hits == expected


def test_a_page_that_is_not_kept_is_not_modified_for_who_holds_it(make_client: MakeClient) -> None:
    client = make_client()
    tag = client.get("/?utm_source=mail").headers["ETag"]
    again = client.get("/?utm_source=mail", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_when_the_layer_fails_the_application_answers(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("a defect")

    client = make_client(on_hit=fail)
    computed, again = client.get("/api/v1/posts"), client.get("/api/v1/posts")
    assert (again.status_code, again.data) == (200, computed.data)
    assert "a defect" in caplog.text
