"""Lists of posts."""

from typing import Any

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json
from tests.databases import on_one_database


def ids(page: Json) -> list[int]:
    return [item["id"] for item in page["items"]]


def listed(community: Community, **query: Any) -> list[int]:
    return ids(community.passer_by.ok("GET", "/posts", query_string=query))


def test_posts_are_listed_newest_first(community: Community) -> None:
    posts = [community.post()["id"] for _ in range(3)]
    assert listed(community) == listed(community, sort="new") == posts[::-1]


def test_the_post_where_somebody_wrote_last_is_the_most_active(
    community: Community, let_pass: LetPass
) -> None:
    first, second, third = (community.post() for _ in range(3))
    let_pass(hours=1)
    thread = community.thread(post=first)
    community.thread(post=second)
    let_pass(hours=1)
    community.reply(thread=thread)
    assert listed(community, sort="active") == [first["id"], second["id"], third["id"]]


def test_a_post_is_less_active_again_when_its_last_words_are_deleted(
    community: Community, let_pass: LetPass
) -> None:
    first, second = community.post(), community.post()
    author = community.member()
    community.thread(post=first)
    let_pass(hours=1)
    thread = community.thread(author, post=second)
    author.delete(f"/threads/{thread['id']}")
    let_pass(hours=1)
    community.reply(thread=community.thread(post=first))
    assert listed(community, sort="active")[0] == first["id"]


def test_posts_are_listed_by_a_path_somebody_stands_on(community: Community) -> None:
    technical, management, neither = (community.post() for _ in range(3))
    community.reply(thread=community.thread(post=technical), path="technical-path")
    community.reply(thread=community.thread(post=management), path="management-path")
    community.reply(thread=community.thread(post=neither))
    assert listed(community, path="technical-path") == [technical["id"]]
    assert listed(community, path="management-path") == [management["id"]]


def test_a_bridge_stands_on_both_paths(community: Community) -> None:
    post = community.post()
    reply = community.reply(thread=community.thread(post=post))
    assert community.cast(reply, technical=3, management=3)["bridge"]
    assert listed(community, path="technical-path") == [post["id"]]
    assert listed(community, path="management-path") == [post["id"]]


@pytest.mark.parametrize("sort", ["new", "active"])
def test_pages_of_posts_make_the_list(community: Community, sort: str) -> None:
    for _ in range(5):
        community.post()
    whole = listed(community, sort=sort)
    page = community.passer_by.ok("GET", f"/posts?sort={sort}&limit=2")
    found = ids(page)
    while page["page"]["next"]:
        page = community.passer_by.ok("GET", page["page"]["next"])
        found += ids(page)
    assert found == whole


def test_pages_of_one_path_make_its_list(community: Community) -> None:
    posts = [community.post() for _ in range(3)]
    for post in posts:
        community.reply(thread=community.thread(post=post), path="technical-path")
    first = community.passer_by.ok("GET", "/posts?path=technical-path&limit=2")
    second = community.passer_by.ok("GET", first["page"]["next"])
    assert ids(first) + ids(second) == [post["id"] for post in posts[::-1]]


@on_one_database
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("sort", "hot"), ("path", "neither"), ("limit", "0"), ("limit", "101"), ("limit", "x")],
)
def test_what_does_not_fit_is_pointed_at(community: Community, parameter: str, value: str) -> None:
    answer = community.passer_by.get(f"/posts?{parameter}={value}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, f"?{parameter}")


def test_counts_of_a_post_follow_what_is_visible(community: Community) -> None:
    post, author = community.post(), community.member()
    thread = community.thread(post=post)
    reply = community.reply(author, thread)
    community.reply(to=reply)
    author.delete(f"/replies/{reply['id']}")
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (shown["thread_count"], shown["reply_count"]) == (1, 1)
