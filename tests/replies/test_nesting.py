"""How deep replies nest, and what is above one of them."""

from collections.abc import Callable

import pytest

from tests.community import Community, Json, Person

LEVELS = 20


def chain(community: Community, length: int, by: Person) -> list[Json]:
    """Replies each to the last."""
    replies = [community.reply(by)]
    while len(replies) < length:
        replies.append(community.reply(by, to=replies[-1]))
    return replies


@pytest.fixture
def deep(community: Community) -> list[Json]:
    """A chain longer than replies nest."""
    return chain(community, LEVELS + 3, community.member())


def test_a_reply_hangs_below_the_one_it_answers(deep: list[Json]) -> None:
    nested = deep[:LEVELS]
    assert [reply["depth"] for reply in nested] == list(range(LEVELS))
    assert [reply["parent_id"] for reply in nested] == [None, *(r["id"] for r in nested[:-1])]


def test_deeper_answers_hang_side_by_side_at_the_last_level(deep: list[Json]) -> None:
    above = deep[LEVELS - 2]["id"]
    found = [(reply["depth"], reply["parent_id"]) for reply in deep[LEVELS:]]
    assert found == [(LEVELS - 1, above)] * 3


def test_every_reply_tells_whom_it_answers(deep: list[Json]) -> None:
    assert [reply["reply_to_id"] for reply in deep] == [None, *(r["id"] for r in deep[:-1])]


def test_the_number_of_levels_is_a_setting(make_community: Callable[..., Community]) -> None:
    community = make_community(FORUM_MAX_NESTING="2")
    replies = chain(community, 4, community.member())
    assert [reply["depth"] for reply in replies] == [0, 1, 1, 1]


def test_the_context_of_a_reply_is_the_chain_above_it(
    community: Community, deep: list[Json]
) -> None:
    last = deep[LEVELS - 1]
    items = community.passer_by.ok("GET", f"/replies/{last['id']}/context")["items"]
    assert [item["id"] for item in items] == [reply["id"] for reply in deep[:LEVELS]]


def test_the_context_of_a_reply_at_the_top_is_the_reply(community: Community) -> None:
    reply = community.reply()
    items = community.passer_by.ok("GET", f"/replies/{reply['id']}/context")["items"]
    assert [item["id"] for item in items] == [reply["id"]]


def test_replies_count_all_that_is_below_them(community: Community, deep: list[Json]) -> None:
    found = [
        community.passer_by.ok("GET", f"/replies/{reply['id']}")["reply_count"] for reply in deep
    ]
    assert found == [*range(LEVELS + 2, 3, -1), 0, 0, 0, 0]


@pytest.mark.parametrize("missing", ["elsewhere", "nowhere"])
def test_only_a_reply_in_the_thread_can_be_answered(community: Community, missing: str) -> None:
    thread = community.thread()
    parent_id = community.reply()["id"] if missing == "elsewhere" else 987_654_321
    body = {"body": "To whom?", "parent_id": parent_id}
    answer = community.member().post(f"/threads/{thread['id']}/replies", body)
    assert (answer.status_code, answer.json["code"]) == (404, "parent-not-found")
    assert answer.json["errors"][0]["pointer"] == "/parent_id"
