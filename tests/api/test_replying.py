"""Answering in a thread: whom, where, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.community import Community, Json
from tests.databases import on_one_database


def answer_to(community: Community, thread: Json, parent_id: int | None) -> Any:
    body = {"body": "I would go.", "parent_id": parent_id}
    return community.member().post(f"/threads/{thread['id']}/replies", body)


def test_a_member_answers_a_thread(community: Community) -> None:
    thread, noor = community.thread(), community.member("noor")
    body = {"body": "I would *stay*.", "path": "technical-path"}
    answer = noor.post(f"/threads/{thread['id']}/replies", body)
    reply = answer.json
    del reply["created_at"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/replies/{reply['id']}"
    assert reply == {
        "id": reply["id"],
        "thread_id": thread["id"],
        "parent_id": None,
        "reply_to_id": None,
        "depth": 0,
        "author": {"username": "noor", "display_name": "noor", "role": "member"},
        "body": "I would *stay*.",
        "body_html": "<p>I would <em>stay</em>.</p>\n",
        "path": {
            "path": "technical-path",
            "source": "author",
            "ballots": {"technical-path": 0, "management-path": 0, "neither": 0},
            "declared": "technical-path",
            "contested": False,
            "bridge": False,
            "pin": None,
        },
        "votes": {"up": 0, "down": 0, "score": 0},
        "state": "visible",
        "reply_count": 0,
        "edited_at": None,
        "url": f"http://127.0.0.1:8000/replies/{reply['id']}",
        "my_vote": None,
        "my_ballot": None,
    }


def test_the_location_shows_what_the_answer_showed(community: Community) -> None:
    thread, noor = community.thread(), community.member()
    answer = noor.post(f"/threads/{thread['id']}/replies", {"body": "Stay."})
    assert noor.ok("GET", answer.headers["Location"]) == answer.json


def test_an_answer_to_a_reply_stands_below_it(community: Community) -> None:
    first = community.reply()
    second = community.reply(to=first)
    third = community.reply(to=second)
    assert (third["parent_id"], third["reply_to_id"], third["depth"]) == (
        second["id"],
        second["id"],
        2,
    )


def test_a_reply_of_another_thread_cannot_be_answered_here(community: Community) -> None:
    elsewhere = community.reply()
    answer = answer_to(community, community.thread(), elsewhere["id"])
    assert (answer.status_code, answer.json["code"]) == (404, "parent-not-found")
    assert answer.json["errors"][0]["pointer"] == "/parent_id"


def test_a_tombstone_cannot_be_answered(community: Community) -> None:
    author = community.member()
    reply = community.reply(author)
    community.reply(to=reply)
    author.delete(f"/replies/{reply['id']}")
    answer = answer_to(community, {"id": reply["thread_id"]}, reply["id"])
    assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")


def test_a_passer_by_must_sign_in(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}/replies"
    assert community.passer_by.post(address, {"body": "Stay."}).json["code"] == "unauthorized"


def test_a_thread_tells_of_its_replies(community: Community) -> None:
    thread = community.thread()
    reply = community.reply(to=community.reply(thread=thread))
    shown = community.passer_by.ok("GET", f"/threads/{thread['id']}")
    assert (shown["reply_count"], shown["last_reply_at"]) == (2, reply["created_at"])


@on_one_database
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("body", None),
        ("body", "\u200b\u3164"),
        ("body", "a\x07b"),
        ("body", "a" * 10_001),
        ("path", "neither"),
        ("path", "technical"),
        ("path", 1),
        ("author", "noor"),
    ],
)
def test_what_does_not_fit_is_pointed_at(community: Community, member: str, value: Any) -> None:
    body = {"body": "Stay.", member: value}
    answer = community.member().post(f"/threads/{community.thread()['id']}/replies", body)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {f"/{member}"}


@on_one_database
def test_the_longest_body_is_a_setting(make_community: Callable[..., Community]) -> None:
    community = make_community(FORUM_MAX_BODY_LENGTH="20")
    address = f"/threads/{community.thread(body='Stay?')['id']}/replies"
    statuses = [
        community.member().post(address, {"body": "a" * length}).status_code for length in (20, 21)
    ]
    assert statuses == [201, 422]


def test_the_deepest_replies_stand_side_by_side(make_community: Callable[..., Community]) -> None:
    community = make_community(FORUM_MAX_NESTING="3")
    chain = [community.reply()]
    for _ in range(4):
        chain.append(community.reply(to=chain[-1]))
    assert [reply["depth"] for reply in chain] == [0, 1, 2, 2, 2]
    assert [reply["parent_id"] for reply in chain[2:]] == [chain[1]["id"]] * 3
    assert [reply["reply_to_id"] for reply in chain[1:]] == [reply["id"] for reply in chain[:-1]]


def test_replies_nest_to_twenty_levels_unless_set(community: Community) -> None:
    reply = community.reply()
    for _ in range(21):
        reply = community.reply(to=reply)
    assert reply["depth"] == 19


def test_the_context_of_a_reply_leads_down_to_it(community: Community) -> None:
    chain = [community.reply()]
    for _ in range(3):
        chain.append(community.reply(to=chain[-1]))
    community.reply(to=chain[1])
    items = community.passer_by.ok("GET", f"/replies/{chain[3]['id']}/context")["items"]
    assert [item["id"] for item in items] == [reply["id"] for reply in chain]


def test_a_context_keeps_tombstones(community: Community) -> None:
    author = community.member()
    first = community.reply(author)
    second = community.reply(to=first)
    author.delete(f"/replies/{first['id']}")
    items = community.passer_by.ok("GET", f"/replies/{second['id']}/context")["items"]
    assert [(item["state"], item["body"] is None) for item in items] == [
        ("deleted", True),
        ("visible", False),
    ]
