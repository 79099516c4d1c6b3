"""Pages over HTTP: errors a person can read, validators, limits."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.community import Community
from tests.web.page import Page, read, said

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter which


@pytest.mark.parametrize("address", ["/posts/none", "/threads/7", "/replies/7", "/users/nobody"])
def test_what_is_not_there_is_a_page_that_says_so(client: FlaskClient, address: str) -> None:
    page = Page(client.get(address))
    assert page.status == 404
    assert "not" in said(page.one("h1")).lower()


def test_an_address_of_nothing_is_a_problem_in_json(client: FlaskClient) -> None:
    assert client.get("/nothing/here").mimetype == "application/problem+json"


def test_an_unknown_order_is_refused(client: FlaskClient) -> None:
    page = Page(client.get("/?sort=loudest"))
    assert page.status == 422
    assert "Must be one of: new, active." in page.text


@pytest.mark.parametrize("cursor", ["", "x", "WzEsMl0.AAAA"])
def test_a_made_up_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    assert Page(client.get(f"/?cursor={cursor}")).status == 400


def test_a_cursor_of_another_order_is_refused(community: Community, client: FlaskClient) -> None:
    for _ in range(21):
        community.post()
    onward = read(client, "/").one("a", rel="next").get("href", "")
    assert Page(client.get(onward.replace("sort=new", "sort=active"))).status == 400


def test_parameters_of_others_do_no_harm(client: FlaskClient) -> None:
    assert client.get("/?utm_source=newsletter").status_code == 200


def test_an_unchanged_page_is_not_sent_again(community: Community, client: FlaskClient) -> None:
    address = f"/threads/{community.thread()['id']}"
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_changed_page_is_sent_again(community: Community, client: FlaskClient) -> None:
    thread = community.thread()
    address = f"/threads/{thread['id']}"
    etag = client.get(address).headers["ETag"]
    community.reply(thread=thread)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_pages_may_be_kept_but_must_be_checked(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "public, no-cache"


def test_readers_of_pages_have_a_limit(make_app: Callable[..., Flask]) -> None:
    settings = {"FORUM_RATELIMIT_ENABLED": "true", "FORUM_RATELIMIT_READ": "2 per minute"}
    client = make_app(**settings).test_client()
    answers = [Page(client.get(f"/threads/{number}")) for number in (1, 2, 3)]
    assert [page.status for page in answers] == [404, 404, 429]
    assert "Retry-After" in answers[-1].response.headers


def test_a_page_needs_no_script_and_names_its_style(client: FlaskClient) -> None:
    page = read(client, "/")
    assert not page.all("script")
    assert client.get(page.one("link", rel="stylesheet").get("href", "")).mimetype == "text/css"


def test_every_page_names_the_feed_of_what_it_shows(
    community: Community, client: FlaskClient
) -> None:
    reply = community.reply()
    feeds = read(client, f"/threads/{reply['thread_id']}").all("link", rel="alternate")
    assert [feed.get("href") for feed in feeds] == [
        f"/feeds/threads/{reply['thread_id']}.atom",
        "/feeds/replies.atom",
        "/feeds.opml",
    ]
    assert {feed.get("type") for feed in feeds[:-1]} == {"application/atom+xml"}


def test_every_page_has_one_heading_and_its_landmarks(
    community: Community, client: FlaskClient
) -> None:
    reply = community.reply()
    for address in ("/", f"/threads/{reply['thread_id']}", f"/replies/{reply['id']}"):
        page = read(client, address)
        skip = page.one("a", class_="skip")
        assert page.one("main").get("id") == skip.get("href", "").removeprefix("#")
        assert len(page.all("h1")) == 1
        assert page.one("html").get("lang") == "en"
