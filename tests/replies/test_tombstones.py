"""What is left of a reply that is taken away."""

from typing import Any

import pytest

from tests.community import Community, Json, Person

TECHNICAL = "technical-path"


@pytest.fixture
def reply(community: Community, author: Person) -> Json:
    """A reply on a path, with votes and ballots, that was answered."""
    reply = community.reply(author, path=TECHNICAL, body="A secret of mine.")
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    community.cast(reply, technical=3)
    community.reply(to=reply)
    return reply


def take_away(community: Community, author: Person, reply: Json, how: str) -> None:
    """By its author, or by a moderator."""
    by = author if how == "deleted" else community.moderator()
    by.ok("DELETE", f"/replies/{reply['id']}")


def shown(community: Community, reply: Json) -> Any:
    return community.passer_by.get(f"/replies/{reply['id']}")


def ids_in_tree(community: Community, thread_id: int) -> list[int]:
    nodes = community.passer_by.ok("GET", f"/threads/{thread_id}/replies")["items"]
    return [node["id"] for node in nodes]


@pytest.mark.parametrize("how", ["deleted", "removed"])
def test_an_answered_reply_leaves_a_tombstone(
    community: Community, author: Person, reply: Json, how: str
) -> None:
    take_away(community, author, reply, how)
    tombstone = shown(community, reply).json
    assert {name: tombstone[name] for name in ("state", "author", "body", "body_html")} == {
        "state": how,
        "author": None,
        "body": None,
        "body_html": None,
    }


def test_a_tombstone_keeps_its_place(community: Community, author: Person, reply: Json) -> None:
    take_away(community, author, reply, "deleted")
    kept = ("id", "thread_id", "parent_id", "depth", "created_at")
    tombstone = shown(community, reply).json
    assert {n: tombstone[n] for n in kept} == {n: reply[n] for n in kept}
    assert tombstone["reply_count"] == 1


def test_a_tombstone_stands_in_the_tree_above_its_answers(
    community: Community, author: Person, reply: Json
) -> None:
    take_away(community, author, reply, "deleted")
    tree = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}/replies")["items"]
    assert [(node["state"], node["depth"], node["body"] is None) for node in tree] == [
        ("deleted", 0, True),
        ("visible", 1, False),
    ]
    tombstone = shown(community, reply).json
    assert tree[0] == {**tombstone, "more": None}


def test_a_tombstone_stays_in_the_context_of_what_is_below_it(
    community: Community, author: Person, reply: Json
) -> None:
    below = community.reply(to=reply)
    take_away(community, author, reply, "deleted")
    items = community.passer_by.ok("GET", f"/replies/{below['id']}/context")["items"]
    assert [(item["state"], item["body"] is None) for item in items] == [
        ("deleted", True),
        ("visible", False),
    ]


def test_a_tombstone_tells_neither_votes_nor_path(
    community: Community, author: Person, reply: Json
) -> None:
    take_away(community, author, reply, "deleted")
    tombstone = shown(community, reply).json
    assert tombstone["votes"] == {"up": 0, "down": 0, "score": 0}
    assert tombstone["path"] == community.reply()["path"]


def test_the_revisions_of_a_tombstone_are_gone(
    community: Community, author: Person, reply: Json
) -> None:
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "Never mind."})
    take_away(community, author, reply, "deleted")
    assert community.passer_by.get(f"/replies/{reply['id']}/revisions").status_code == 404


def test_a_reply_nobody_answered_leaves_nothing(community: Community, author: Person) -> None:
    reply = community.reply(author)
    assert author.delete(f"/replies/{reply['id']}").status_code == 204
    assert shown(community, reply).status_code == 404
    assert ids_in_tree(community, reply["thread_id"]) == []


def test_a_tombstone_goes_with_the_last_reply_below_it(
    community: Community, author: Person
) -> None:
    first = community.reply(author)
    second = community.reply(author, to=first)
    third = community.reply(author, to=second)
    for reply in (first, second):
        take_away(community, author, reply, "deleted")
    before = ids_in_tree(community, first["thread_id"])
    take_away(community, author, third, "deleted")
    after = ids_in_tree(community, first["thread_id"])
    assert (before, after) == ([first["id"], second["id"], third["id"]], [])
    assert [shown(community, gone).status_code for gone in (first, second, third)] == [404] * 3


def test_only_the_tombstones_with_nothing_visible_below_them_go(
    community: Community, author: Person
) -> None:
    first = community.reply(author)
    second, other = (community.reply(author, to=first) for _ in range(2))
    third = community.reply(author, to=second)
    for reply in (first, second, third):
        take_away(community, author, reply, "deleted")
    assert ids_in_tree(community, first["thread_id"]) == [first["id"], other["id"]]


def test_only_visible_replies_count(community: Community, author: Person, reply: Json) -> None:
    take_away(community, author, reply, "deleted")
    thread = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}")
    assert thread["reply_count"] == 1


@pytest.mark.parametrize(
    ("who", "method", "url", "body"),
    [
        ("moderator", "POST", "/threads/{thread_id}/replies", {"body": "Too late."}),
        ("moderator", "PATCH", "/replies/{id}", {"body": "Too late."}),
        ("moderator", "DELETE", "/replies/{id}", None),
        ("moderator", "PUT", "/replies/{id}/vote", {"value": 1}),
        ("moderator", "PUT", "/replies/{id}/ballot", {"path": TECHNICAL}),
        ("moderator", "PUT", "/replies/{id}/pin", {"path": TECHNICAL, "reason": "Too late."}),
        ("author", "PATCH", "/replies/{id}", {"body": "Back."}),
        ("author", "DELETE", "/replies/{id}", None),
        ("author", "PUT", "/replies/{id}/path", {"path": None}),
    ],
)
def test_nothing_can_be_done_with_a_tombstone(
    community: Community,
    author: Person,
    reply: Json,
    who: str,
    method: str,
    url: str,
    body: Json | None,
) -> None:
    take_away(community, author, reply, "deleted")
    if method == "POST" and body:
        body = {**body, "parent_id": reply["id"]}
    person = author if who == "author" else community.moderator()
    answer = person.call(method, url.format(**reply), json=body)
    assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")


def test_below_a_tombstone_people_go_on(community: Community, author: Person, reply: Json) -> None:
    answer = community.reply(to=reply)
    take_away(community, author, reply, "removed")
    community.reply(to=answer)
    assert shown(community, reply).json["reply_count"] == 3
