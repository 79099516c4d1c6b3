"""Who may not write in a thread may not write in what moderators have made of it either."""

from typing import Any

import pytest

from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.moderation.surgery.acts import merge, split, undo


@pytest.fixture
def robin(community: Community) -> Person:
    return community.member()


def mute(moderator: Person, member: Person, thread: Json) -> None:
    """Let a member write no more in a thread."""
    address = f"/moderation/users/{member.username}/sanctions"
    sanction = {"kind": "mute", "reason": "Insults.", "scope": "thread", "thread_id": thread["id"]}
    moderator.ok("POST", address, sanction)


def writes(member: Person, *threads: Json) -> list[int]:
    """The statuses of replies in some threads."""
    body = {"body": "But."}
    return [member.post(f"/threads/{each['id']}/replies", body).status_code for each in threads]


def also_in(member: Person) -> Any:
    (sanction,) = member.ok("GET", "/me/sanctions")["items"]
    return sanction["also_in"]


def test_who_is_muted_in_a_thread_is_muted_in_the_one_that_took_it_over(
    community: Community, moderator: Person, robin: Person
) -> None:
    thread, into = community.thread(), community.thread()
    mute(moderator, robin, thread)
    merge(moderator, thread, into)
    assert (writes(robin, into), also_in(robin)) == ([403], [into["id"]])
    assert writes(community.member(), into) == [201]
    undo(moderator)
    assert (writes(robin, thread, into), also_in(robin)) == ([403, 201], [])


def test_who_is_muted_in_a_thread_is_muted_in_a_part_split_off(
    community: Community, moderator: Person, robin: Person
) -> None:
    reply = community.reply()
    thread = {"id": reply["thread_id"]}
    mute(moderator, robin, thread)
    opened = split(moderator, reply)
    assert (writes(robin, thread, opened), also_in(robin)) == ([403, 403], [opened["id"]])
    undo(moderator)
    assert also_in(robin) == []
    undo(moderator)
    assert writes(robin, thread, opened) == [403, 403]


@on_one_database
def test_who_is_muted_in_a_part_alone_is_muted_in_the_whole_that_it_goes_back_to(
    community: Community, moderator: Person, robin: Person
) -> None:
    reply = community.reply()
    opened = split(moderator, reply)
    group = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    mute(moderator, robin, opened)
    assert writes(robin, {"id": reply["thread_id"]}) == [201]
    moderator.ok("POST", f"/moderation/log/{group}/undo", {})
    assert writes(robin, {"id": reply["thread_id"]}) == [403]


@on_one_database
def test_a_mute_goes_on_with_what_is_moved_on(
    community: Community, moderator: Person, robin: Person
) -> None:
    first, second, third = (community.thread() for _ in range(3))
    mute(moderator, robin, first)
    merge(moderator, first, second)
    merge(moderator, second, third)
    assert writes(robin, third) == [403]
    undo(moderator)
    assert writes(robin, second, third) == [403, 201]
