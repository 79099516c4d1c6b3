"""Adding posts: by admins, once per page, under a slug of their own."""

from typing import Any

import pytest

from tests.apps import Answer
from tests.community import Community
from tests.databases import on_one_database

URL = "https://blog.example.com/ladders"


def add(community: Community, **more: Any) -> Answer:
    return community.admin.post("/posts", {"url": URL, "title": "Two ladders", **more})


def test_a_new_post_is_created(community: Community) -> None:
    answer = add(community, author_name="Noor", summary="Up or across?")
    post = answer.json
    assert (answer.status_code, answer.headers["Location"]) == (201, "/api/v1/posts/two-ladders")
    assert (post["url"], post["slug"], post["title"]) == (URL, "two-ladders", "Two ladders")
    assert (post["author_name"], post["summary"]) == ("Noor", "Up or across?")
    assert (post["state"], post["thread_count"], post["reply_count"]) == ("visible", 0, 0)


def test_the_location_shows_what_the_answer_showed(community: Community) -> None:
    answer = add(community)
    assert community.passer_by.ok("GET", answer.headers["Location"]) == answer.json


@pytest.mark.parametrize("twin", ["", "/", "#comments", "?utm_source=mail"])
def test_a_known_url_gives_the_same_post(community: Community, twin: str) -> None:
    first = add(community).json
    again = add(community, url=URL + twin, title="Another title")
    assert (again.status_code, again.json) == (200, first)


def test_a_known_url_gives_the_same_post_over_http(community: Community) -> None:
    first = add(community).json
    assert add(community, url=URL.replace("https:", "http:")).json == first


@on_one_database
@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_add_posts(community: Community, role: str) -> None:
    answer = community.member(role=role).post("/posts", {"url": URL, "title": "Two ladders"})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@on_one_database
def test_a_passer_by_must_sign_in_to_add_a_post(community: Community) -> None:
    answer = community.passer_by.post("/posts", {"url": URL, "title": "Two ladders"})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


def test_a_slug_may_be_chosen(community: Community) -> None:
    assert add(community, slug="chosen-2").json["slug"] == "chosen-2"


def test_posts_of_one_title_get_different_slugs(community: Community) -> None:
    slugs = [add(community, url=f"{URL}/{number}").json["slug"] for number in range(3)]
    assert slugs == ["two-ladders", "two-ladders-2", "two-ladders-3"]


@pytest.mark.parametrize(
    "title", ["職人か管理職か", "?!", "Ж" * 300, "a" * 300, "counts", "Lookup"]
)
def test_every_title_makes_a_slug_that_leads_to_its_post(community: Community, title: str) -> None:
    post = add(community, title=title).json
    assert community.passer_by.ok("GET", f"/posts/{post['slug']}")["title"] == title


def test_a_taken_slug_is_refused(community: Community) -> None:
    add(community, slug="ladders")
    answer = add(community, url=URL + "/2", slug="ladders")
    assert (answer.status_code, answer.json["code"]) == (409, "slug-taken")
    assert answer.json["errors"][0]["pointer"] == "/slug"


@on_one_database
@pytest.mark.parametrize("slug", ["lookup", "counts"])
def test_a_slug_that_is_a_route_is_refused(community: Community, slug: str) -> None:
    assert add(community, slug=slug).json["code"] == "slug-taken"


@on_one_database
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("slug", "Two-Ladders"),
        ("slug", "two--ladders"),
        ("slug", "two ladders"),
        ("slug", "a/b"),
        ("slug", ""),
        ("slug", "a\n"),
        ("slug", "a" * 101),
        ("url", "blog.example.com/ladders"),
        ("url", "javascript:alert(1)"),
        ("url", "ftp://blog.example.com/ladders"),
        ("url", "https://user:password@blog.example.com/"),
        ("url", "https://blog.example.com/" + "a" * 2000),
        ("url", None),
        ("title", ""),
        ("title", " \u200b "),
        ("title", "a" * 301),
        ("title", "Two\nladders"),
        ("title", ["Two ladders"]),
        ("summary", "a" * 2001),
        ("author_name", "a" * 121),
        ("published_at", "yesterday"),
        ("published_at", "2026-01-01T00:00:00"),
        ("published_at", "0001-01-01T00:00:00+10:00"),
        ("published_at", "9999-12-31T23:59:59-10:00"),
        ("colour", "red"),
    ],
)
def test_what_does_not_fit_is_pointed_at(community: Community, member: str, value: Any) -> None:
    answer = add(community, **{member: value})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {f"/{member}"}


def test_times_are_kept_in_utc(community: Community) -> None:
    added = add(community, published_at="2026-01-01T01:30:00+02:00").json
    shown = community.passer_by.ok("GET", f"/posts/{added['slug']}")
    assert added["published_at"] == shown["published_at"] == "2025-12-31T23:30:00Z"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_first_and_the_last_time_can_be_told(community: Community, moment: str) -> None:
    slug = add(community, published_at=moment).json["slug"]
    assert community.passer_by.ok("GET", f"/posts/{slug}")["published_at"] == moment
