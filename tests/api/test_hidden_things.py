"""What a reader may not see is answered like what does not exist, byte for byte."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.apps import Answer
from tests.community import Community, Json, Person

NOWHERE = 10**9

ON_THREADS: list[tuple[str, str, Json | None]] = [
    ("GET", "", None),
    ("GET", "/replies", None),
    ("POST", "/replies", {"body": "Hello?"}),
    ("PATCH", "", {"body": "Back."}),
    ("DELETE", "", None),
    ("PUT", "/vote", {"value": 1}),
    ("DELETE", "/vote", None),
    ("PUT", "/lock", {"reason": "Late."}),
    ("DELETE", "/lock", None),
    ("PUT", "/pin", None),
    ("DELETE", "/pin", None),
]
ON_REPLIES: list[tuple[str, str, Json | None]] = [
    ("GET", "", None),
    ("GET", "/replies", None),
    ("GET", "/context", None),
    ("GET", "/revisions", None),
    ("GET", "/path", None),
    ("PATCH", "", {"body": "Back."}),
    ("DELETE", "", None),
    ("PUT", "/path", {"path": None}),
    ("PUT", "/vote", {"value": 1}),
    ("DELETE", "/vote", None),
    ("PUT", "/ballot", {"path": "neither"}),
    ("DELETE", "/ballot", None),
    ("PUT", "/pin", {"path": None, "reason": "Late."}),
    ("DELETE", "/pin", None),
]

Hide = Callable[[Community, Json, str], None]


def by_author(community: Community, item: Json, address: str) -> None:
    item["by"].delete(address)


def by_moderator(community: Community, item: Json, address: str) -> None:
    community.moderator().delete(address)


def with_its_post(community: Community, item: Json, address: str) -> None:
    community.admin.delete(f"/posts/{item['slug']}")


every_way = pytest.mark.parametrize("hide", [by_author, by_moderator, with_its_post])


def seen(answer: Answer) -> tuple[int, str, dict[str, Any]]:
    """All of an answer but its request id."""
    request_id = answer.headers["X-Request-ID"]
    headers = {name: value for name, value in answer.headers if name != "X-Request-ID"}
    return answer.status_code, answer.text.replace(request_id, "X"), headers


def differences(
    reader: Person, kind: str, item_id: int, calls: list[tuple[str, str, Json | None]]
) -> list[str]:
    return [
        f"{method} {below}"
        for method, below, body in calls
        if seen(reader.call(method, f"/{kind}/{item_id}{below}", json=body))
        != seen(reader.call(method, f"/{kind}/{NOWHERE}{below}", json=body))
    ]


@every_way
def test_a_hidden_thread_looks_like_none(community: Community, hide: Hide) -> None:
    post, author = community.post(), community.member()
    thread = community.thread(author, post)
    hide(community, {"by": author, "slug": post["slug"]}, f"/threads/{thread['id']}")
    for reader in (community.passer_by, author, community.moderator()):
        assert differences(reader, "threads", thread["id"], ON_THREADS) == []


@every_way
def test_a_hidden_reply_looks_like_none(community: Community, hide: Hide) -> None:
    post, author = community.post(), community.member()
    reply = community.reply(author, community.thread(post=post))
    hide(community, {"by": author, "slug": post["slug"]}, f"/replies/{reply['id']}")
    for reader in (community.passer_by, author, community.moderator()):
        assert differences(reader, "replies", reply["id"], ON_REPLIES) == []


def test_a_hidden_reply_cannot_be_answered_like_none(community: Community) -> None:
    author = community.member()
    reply = community.reply(author)
    author.delete(f"/replies/{reply['id']}")
    address = f"/threads/{reply['thread_id']}/replies"
    hidden, missing = (
        community.member().post(address, {"body": "Hello?", "parent_id": parent_id})
        for parent_id in (reply["id"], NOWHERE)
    )
    assert hidden.status_code == 404
    assert seen(hidden) == seen(missing)


@pytest.mark.parametrize("below", ["", "/threads"])
def test_a_deleted_post_looks_like_none(community: Community, below: str) -> None:
    slug = community.post()["slug"]
    community.admin.delete(f"/posts/{slug}")
    hidden, missing = (
        community.passer_by.get(f"/posts/{name}{below}") for name in (slug, "never-there")
    )
    assert seen(hidden) == seen(missing)


def test_an_erased_member_looks_like_none(community: Community) -> None:
    noor = community.member("noor", password="three quiet harbour lights")
    noor.post("/me/erasure", {"password": "three quiet harbour lights", "content": "keep"})
    for below in ("", "/replies"):
        erased, missing = (
            community.passer_by.get(f"/users/{name}{below}") for name in ("noor", "nobody")
        )
        assert seen(erased) == seen(missing)
