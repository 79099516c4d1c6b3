"""Slow threads, and threads of which a part is locked."""

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.statements import recorded


def slow_down(moderator: Person, thread: Json, seconds: int = 60) -> Json:
    path = f"/moderation/threads/{thread['id']}/slow-mode"
    slow: Json = moderator.ok("PUT", path, {"seconds": seconds})
    return slow


def reply_to(thread: Json, person: Person) -> tuple[int, str | None]:
    answer = person.post(f"/threads/{thread['id']}/replies", {"body": "Yes."})
    return answer.status_code, answer.headers.get("Retry-After")


def test_in_a_slow_thread_members_reply_once_in_a_while(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    member, thread = community.member(), community.thread()
    assert slow_down(moderator, thread)["slow_mode"] == 60
    assert reply_to(thread, member)[0] == 201
    status, seconds = reply_to(thread, member)
    assert status == 429
    assert 50 < int(seconds or 0) <= 60
    let_pass(seconds=60)
    assert reply_to(thread, member)[0] == 201


def test_the_refusal_says_that_the_thread_is_slow(community: Community, moderator: Person) -> None:
    member, thread = community.member(), community.thread()
    slow_down(moderator, thread)
    reply_to(thread, member)
    answer = member.post(f"/threads/{thread['id']}/replies", {"body": "Yes."})
    assert answer.json["code"] == "slow-mode"


def test_a_deleted_reply_counts_in_a_slow_thread(community: Community, moderator: Person) -> None:
    member, thread = community.member(), community.thread()
    slow_down(moderator, thread)
    reply = community.reply(member, thread)
    member.ok("DELETE", f"/replies/{reply['id']}")
    assert reply_to(thread, member)[0] == 429


def test_others_do_not_wait_for_who_replied(community: Community, moderator: Person) -> None:
    thread = community.thread()
    slow_down(moderator, thread)
    assert [reply_to(thread, person)[0] for person in community.members(2)] == [201, 201]
    assert [reply_to(thread, moderator)[0] for _ in range(2)] == [201, 201]


def test_a_thread_is_slow_until_that_is_ended(community: Community, moderator: Person) -> None:
    member, thread = community.member(), community.thread()
    slow_down(moderator, thread)
    reply_to(thread, member)
    ended = moderator.ok("DELETE", f"/moderation/threads/{thread['id']}/slow-mode")
    assert ended["slow_mode"] is None
    assert reply_to(thread, member)[0] == 201


@pytest.mark.parametrize("below", ["", "/moderation"])
@on_one_database
def test_a_thread_is_locked_and_pinned_also_where_that_used_to_be(
    community: Community, moderator: Person, below: str
) -> None:
    path = f"{below}/threads/{community.thread()['id']}"
    assert moderator.ok("PUT", f"{path}/lock", {"reason": "Enough."})["locked"]
    assert moderator.ok("PUT", f"{path}/pin")["pinned"]
    assert not moderator.ok("DELETE", f"{path}/lock")["locked"]
    assert not moderator.ok("DELETE", f"{path}/pin")["pinned"]


def lock(moderator: Person, reply: Json) -> Json:
    path = f"/moderation/replies/{reply['id']}/lock"
    locked: Json = moderator.ok("PUT", path, {"reason": "Round in circles."})
    return locked


def answer(community: Community, reply: Json) -> tuple[int, str]:
    body = {"body": "But.", "parent_id": reply["id"]}
    given = community.member().post(f"/threads/{reply['thread_id']}/replies", body)
    return given.status_code, given.json.get("code", "")


def test_nothing_below_a_locked_reply_can_be_answered(
    community: Community, moderator: Person
) -> None:
    above = community.reply()
    locked = community.reply(to=above)
    below = community.reply(to=community.reply(to=locked))
    assert lock(moderator, locked)["locked"]
    for reply in (locked, below):
        assert answer(community, reply) == (409, "branch-locked")
    assert answer(community, above)[0] == 201


def test_an_unlocked_reply_can_be_answered(community: Community, moderator: Person) -> None:
    reply = community.reply()
    lock(moderator, reply)
    moderator.ok("DELETE", f"/moderation/replies/{reply['id']}/lock")
    assert answer(community, reply)[0] == 201


def test_only_in_a_slow_thread_a_reply_costs_a_statement_more(
    community: Community, moderator: Person
) -> None:
    thread, slow = community.thread(), community.thread()
    slow_down(moderator, slow)
    numbers = []
    for each in (thread, slow):
        member = community.member()
        with recorded(community.app) as sent:
            community.reply(member, each)
        numbers.append(len(sent))
    assert numbers[1] == numbers[0] + 1
