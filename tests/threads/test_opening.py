"""Starting a conversation below a post."""

from typing import Any

import pytest

from tests.community import Community, Json
from tests.databases import on_one_database


@pytest.fixture
def post(community: Community) -> Json:
    return community.post(slug="ladders")


def test_a_member_opens_a_thread(community: Community, post: Json) -> None:
    noor = community.member("noor")
    answer = noor.post("/posts/ladders/threads", {"title": "Stay?", "body": "Or *go*?"})
    thread = answer.json
    del thread["created_at"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/threads/{thread['id']}"
    assert thread == {
        "id": thread["id"],
        "post_id": post["id"],
        "author": {"username": "noor", "display_name": "noor", "role": "member"},
        "title": "Stay?",
        "body": "Or *go*?",
        "body_html": "<p>Or <em>go</em>?</p>\n",
        "votes": {"up": 0, "down": 0, "score": 0},
        "state": "visible",
        "pinned": False,
        "locked": False,
        "slow_mode": None,
        "reply_count": 0,
        "last_reply_at": None,
        "balance": thread["balance"],
        "edited_at": None,
        "url": f"http://127.0.0.1:8000/threads/{thread['id']}",
        "my_vote": None,
    }


@pytest.mark.usefixtures("post")
def test_the_location_shows_what_the_answer_showed(community: Community) -> None:
    noor = community.member()
    answer = noor.post("/posts/ladders/threads", {"body": "Or go?"})
    assert noor.ok("GET", answer.headers["Location"]) == answer.json


@pytest.mark.usefixtures("post")
def test_a_title_may_be_left_out(community: Community) -> None:
    for body in ({"body": "Go?"}, {"body": "Go?", "title": None}):
        assert community.member().ok("POST", "/posts/ladders/threads", body)["title"] is None


@pytest.mark.usefixtures("post")
def test_a_passer_by_must_sign_in(community: Community) -> None:
    answer = community.passer_by.post("/posts/ladders/threads", {"body": "Go?"})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


def test_there_must_be_a_post(community: Community) -> None:
    assert community.member().post("/posts/nowhere/threads", {"body": "Go?"}).status_code == 404


@pytest.mark.usefixtures("post")
def test_a_post_counts_its_threads(community: Community, post: Json) -> None:
    community.thread(post=post)
    community.thread(post=post)
    assert community.passer_by.ok("GET", "/posts/ladders")["thread_count"] == 2


@on_one_database
@pytest.mark.usefixtures("post")
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("body", None),
        ("body", ""),
        ("body", " \n\u200b"),
        ("body", "a\0b"),
        ("body", "a" * 10_001),
        ("body", {"text": "Go?"}),
        ("title", ""),
        ("title", "a" * 201),
        ("title", "Stay?\nGo?"),
        ("title", 1),
        ("pinned", True),
    ],
)
def test_what_does_not_fit_is_pointed_at(community: Community, member: str, value: Any) -> None:
    body = {"body": "Go?", member: value}
    answer = community.member().post("/posts/ladders/threads", body)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {f"/{member}"}


def test_a_text_as_long_as_allowed_is_accepted(community: Community) -> None:
    body = "é" * 10_000
    assert community.thread(body=body)["body"] == body
