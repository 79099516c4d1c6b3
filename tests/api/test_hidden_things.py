"""What a reader may not see is answered like what does not exist, byte for byte."""

from typing import Any

import pytest

from tests.apps import Answer
from tests.community import Community, Person
from tests.hiding import CALLS, Hide, every_way_to_hide

NOWHERE = 10**9


def seen(answer: Answer) -> tuple[int, str, dict[str, Any]]:
    """All of an answer but its request id."""
    request_id = answer.headers["X-Request-ID"]
    headers = {name: value for name, value in answer.headers if name != "X-Request-ID"}
    return answer.status_code, answer.text.replace(request_id, "X"), headers


def differences(reader: Person, kind: str, item_id: int) -> list[str]:
    return [
        f"{method} {below}"
        for method, below, body in CALLS[kind]
        if seen(reader.call(method, f"/{kind}/{item_id}{below}", json=body))
        != seen(reader.call(method, f"/{kind}/{NOWHERE}{below}", json=body))
    ]


@every_way_to_hide
def test_a_hidden_thread_looks_like_none(community: Community, hide: Hide) -> None:
    post, author = community.post(), community.member()
    thread = community.thread(author, post)
    hide(community, author, post, f"/threads/{thread['id']}")
    for reader in (community.passer_by, author, community.moderator()):
        assert differences(reader, "threads", thread["id"]) == []


@every_way_to_hide
def test_a_hidden_reply_looks_like_none(community: Community, hide: Hide) -> None:
    post, author = community.post(), community.member()
    reply = community.reply(author, community.thread(post=post))
    hide(community, author, post, f"/replies/{reply['id']}")
    for reader in (community.passer_by, author, community.moderator()):
        assert differences(reader, "replies", reply["id"]) == []


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
