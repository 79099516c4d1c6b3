"""Changing and deleting posts."""

import pytest

from tests.community import Community, Json
from tests.databases import on_one_database

URL = "https://blog.example.com/ladders"


@pytest.fixture
def post(community: Community) -> Json:
    return community.post(url=URL, title="Two ladders", slug="ladders")


def where_it_is(community: Community, url: str) -> int | None:
    answer = community.passer_by.get("/posts/lookup", query_string={"url": url})
    found: int | None = answer.json.get("id")
    return found


@pytest.mark.usefixtures("post")
def test_facts_can_be_changed(community: Community) -> None:
    changes = {"title": "Three ladders", "author_name": "Noor", "summary": "Up?", "slug": "three"}
    changed = community.admin.ok("PATCH", "/posts/ladders", changes)
    assert changes.items() <= changed.items()
    assert community.passer_by.ok("GET", "/posts/three") == changed


@pytest.mark.usefixtures("post")
def test_a_former_slug_leads_nowhere(community: Community) -> None:
    community.admin.ok("PATCH", "/posts/ladders", {"slug": "three"})
    assert community.passer_by.get("/posts/ladders").status_code == 404


def test_what_is_not_named_stays(community: Community, post: Json) -> None:
    assert community.admin.ok("PATCH", "/posts/ladders", {}) == post


def test_facts_can_be_taken_away(community: Community, post: Json) -> None:
    community.admin.ok("PATCH", "/posts/ladders", {"summary": "Up?"})
    assert community.admin.ok("PATCH", "/posts/ladders", {"summary": None}) == post


def test_a_former_url_stays_an_alias(community: Community, post: Json) -> None:
    community.admin.ok("PATCH", "/posts/ladders", {"url": "https://new.example.com/ladders"})
    assert where_it_is(community, "https://new.example.com/ladders") == post["id"]
    assert where_it_is(community, URL) == post["id"]


@pytest.mark.usefixtures("post")
def test_the_url_of_another_post_is_refused(community: Community) -> None:
    other = community.post()
    answer = community.admin.patch(f"/posts/{other['slug']}", {"url": URL + "/#top"})
    assert (answer.status_code, answer.json["code"]) == (409, "address-taken")
    assert answer.json["errors"][0]["pointer"] == "/url"


@pytest.mark.usefixtures("post")
def test_the_alias_of_another_post_is_refused(community: Community) -> None:
    community.admin.ok("PATCH", "/posts/ladders", {"url": "https://new.example.com/ladders"})
    other = community.post()
    answer = community.admin.patch(f"/posts/{other['slug']}", {"url": URL})
    assert answer.json["code"] == "address-taken"


@pytest.mark.usefixtures("post")
@pytest.mark.parametrize("slug", ["lookup", "counts", "other"])
def test_a_slug_that_is_taken_or_a_route_is_refused(community: Community, slug: str) -> None:
    community.post(slug="other")
    assert community.admin.patch("/posts/ladders", {"slug": slug}).json["code"] == "slug-taken"


@on_one_database
@pytest.mark.usefixtures("post")
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_only_admins_change_and_delete(community: Community, method: str) -> None:
    body = {"title": "Mine now"} if method == "PATCH" else None
    answer = community.moderator().call(method, "/posts/ladders", json=body)
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_slug_is_not_found(community: Community, method: str) -> None:
    body = {"title": "New"} if method == "PATCH" else None
    assert community.admin.call(method, "/posts/nowhere", json=body).status_code == 404


@pytest.mark.usefixtures("post")
def test_a_post_is_not_changed_over_a_newer_one(community: Community) -> None:
    seen = community.admin.get("/posts/ladders").headers["ETag"]
    newer = community.admin.ok("PATCH", "/posts/ladders", {"title": "Newer"})
    late = community.admin.patch("/posts/ladders", {"title": "Late"}, headers={"If-Match": seen})
    assert (late.status_code, late.json["code"]) == (412, "precondition-failed")
    assert late.json["current"] == newer


@pytest.mark.usefixtures("post")
def test_a_post_is_changed_by_who_has_seen_it(community: Community) -> None:
    seen = community.admin.get("/posts/ladders").headers["ETag"]
    answer = community.admin.patch("/posts/ladders", {"title": "New"}, headers={"If-Match": seen})
    assert answer.status_code == 200


@pytest.mark.usefixtures("post")
def test_a_deleted_post_is_gone(community: Community) -> None:
    answer = community.admin.delete("/posts/ladders")
    assert (answer.status_code, answer.data) == (204, b"")
    assert community.passer_by.get("/posts/ladders").status_code == 404
    assert community.passer_by.get("/posts/ladders/threads").status_code == 404
    assert community.passer_by.ok("GET", "/posts")["items"] == []


def test_all_below_a_deleted_post_is_hidden(community: Community, post: Json) -> None:
    thread = community.thread(post=post)
    reply = community.reply(to=community.reply(thread=thread))
    community.admin.delete("/posts/ladders")
    for address in (
        f"/threads/{thread['id']}",
        f"/threads/{thread['id']}/replies",
        f"/replies/{reply['id']}",
        f"/replies/{reply['id']}/context",
        f"/replies/{reply['parent_id']}/replies",
    ):
        assert community.passer_by.get(address).status_code == 404


def test_nobody_goes_on_writing_below_a_deleted_post(community: Community, post: Json) -> None:
    thread = community.thread(post=post)
    community.admin.delete("/posts/ladders")
    member, body = community.member(), {"body": "One more."}
    assert member.post("/posts/ladders/threads", body).status_code == 404
    assert member.post(f"/threads/{thread['id']}/replies", body).status_code == 404


def test_address_and_slug_of_a_deleted_post_are_free(community: Community, post: Json) -> None:
    community.admin.delete("/posts/ladders")
    body = {"url": URL, "title": "Two ladders", "slug": "ladders"}
    again = community.admin.post("/posts", body)
    assert again.status_code == 201
    assert again.json["id"] != post["id"]
