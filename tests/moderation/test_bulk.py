"""Acting on many texts: what is found is frozen, and each is acted on wholly or not at all."""

from typing import Any

import pytest

from forum.core import clock
from forum.moderation.bulk import commands, selection
from forum.moderation.text_facets import REPLY_HELD, held
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.moderation.acts import assert_everything_agrees, change
from tests.test_races import request, statuses

SPAM = "Buy [this](https://shop.spam.example/now)."


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def spammer(community: Community) -> Person:
    return community.member("spammer")


def freeze(moderator: Person, action: str = "remove", **more: Any) -> Any:
    texts = more.pop("texts", "replies")
    body = {"action": action, "texts": texts, "reason": "Spam.", "filter": more}
    return moderator.post("/moderation/bulk", body)


def execute(moderator: Person, bulk: Json) -> Json:
    done: Json = moderator.ok("POST", f"/moderation/bulk/{bulk['id']}/execute")
    return done


def ids(found: Json) -> list[int]:
    return [item["id"] for item in found["items"]]


def state(community: Community, text: Json) -> Any:
    answer = community.passer_by.get(f"/replies/{text['id']}")
    return answer.json["state"] if answer.status_code == 200 else answer.status_code


def test_nothing_is_done_before_it_is_executed(
    community: Community, moderator: Person, spammer: Person
) -> None:
    reply = community.reply(spammer)
    frozen = freeze(moderator, author="spammer").json
    assert (frozen["count"], frozen["pending"], ids(frozen)) == (1, 1, [reply["id"]])
    assert frozen["items"][0]["foreseen"] == "changed"
    assert state(community, reply) == "visible"


def test_what_is_frozen_is_acted_on_and_nothing_that_came_later(
    community: Community, moderator: Person, spammer: Person
) -> None:
    thread = community.thread()
    replies = [community.reply(spammer, thread) for _ in range(3)]
    frozen = freeze(moderator, author="spammer").json
    later = community.reply(spammer, thread)
    done = execute(moderator, frozen)
    assert [item["outcome"] for item in done["items"]] == ["changed"] * 3
    assert [state(community, reply) for reply in [*replies, later]] == [404, 404, 404, "visible"]
    assert_everything_agrees(community)


def test_each_item_is_a_group_that_can_be_undone(
    community: Community, moderator: Person, spammer: Person
) -> None:
    first, second = (community.reply(spammer) for _ in range(2))
    frozen = freeze(moderator, author="spammer").json
    done = execute(moderator, frozen)
    moderator.ok("POST", f"/moderation/log/{done['items'][0]['group']}/undo", {})
    assert (state(community, first), state(community, second)) == ("visible", 404)
    entry = moderator.ok("GET", f"/moderation/log?group={done['items'][1]['group']}")["items"][0]
    assert entry["public"] == {"by": "moderator", "bulk": frozen["id"]}


def test_an_item_that_cannot_be_changed_is_told_and_the_others_are_changed(
    community: Community, moderator: Person, spammer: Person
) -> None:
    post = community.post()
    first = community.reply(spammer, community.thread(post=post))
    second = community.reply(spammer)
    for reply in (first, second):
        moderator.delete(f"/replies/{reply['id']}")
    frozen = freeze(moderator, "restore", author="spammer").json
    community.admin.delete(f"/posts/{post['slug']}")
    done = execute(moderator, frozen)
    assert [item["outcome"] for item in done["items"]] == ["post-gone", "changed"]
    assert [state(community, reply) for reply in (first, second)] == [404, "visible"]
    assert_everything_agrees(community)
    again = freeze(moderator, "restore", author="spammer").json
    assert [item["foreseen"] for item in again["items"]] == ["post-gone"]


def test_what_is_so_already_is_left_as_it_is(
    community: Community, moderator: Person, spammer: Person
) -> None:
    reply = community.reply(spammer)
    frozen = freeze(moderator, author="spammer").json
    moderator.delete(f"/replies/{reply['id']}?reason=Earlier")
    assert execute(moderator, frozen)["items"][0]["outcome"] == "unchanged"
    again = freeze(moderator, author="spammer", state="removed").json
    assert [item["foreseen"] for item in again["items"]] == ["unchanged"]


def test_a_bulk_is_executed_part_by_part(
    community: Community, moderator: Person, spammer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "AT_ONCE", 2)
    for _ in range(3):
        community.reply(spammer)
    frozen = freeze(moderator, author="spammer").json
    parts = [execute(moderator, frozen) for _ in range(3)]
    assert [(len(part["items"]), part["pending"]) for part in parts] == [(2, 1), (1, 0), (0, 0)]


def test_a_repeated_execution_is_answered_as_the_first(
    community: Community, moderator: Person, spammer: Person
) -> None:
    community.reply(spammer)
    address = f"/moderation/bulk/{freeze(moderator, author='spammer').json['id']}/execute"
    first, second = (moderator.post(address, headers={"Idempotency-Key": "1"}) for _ in range(2))
    assert second.json == first.json
    assert second.headers["Idempotency-Replayed"] == "true"


def test_held_texts_are_approved(community: Community, moderator: Person, spammer: Person) -> None:
    reply = community.reply(spammer)
    change(community, moderator, REPLY_HELD, reply["id"], held(clock.now()))
    done = execute(moderator, freeze(moderator, "approve", author="spammer").json)
    assert (done["items"][0]["outcome"], state(community, reply)) == ("changed", "visible")


def test_threads_are_locked_and_replies_are_not(
    community: Community, moderator: Person, spammer: Person
) -> None:
    thread = community.thread(spammer)
    execute(moderator, freeze(moderator, "lock", texts="threads", author="spammer").json)
    assert community.passer_by.ok("GET", f"/threads/{thread['id']}")["locked"] is True
    assert freeze(moderator, "lock", author="spammer").status_code == 422


@on_one_database
@pytest.mark.parametrize(
    ("texts", "which", "found"),
    [
        ("replies", {"author": "spammer"}, ["spam", "word"]),
        ("replies", {"post": "here"}, ["spam", "word", "good"]),
        ("replies", {"since": "2026-01-01T00:00:00Z"}, ["spam", "word", "good"]),
        ("replies", {"until": "2026-01-01T00:00:00Z"}, []),
        ("replies", {"author": "spammer", "link_domain": "spam.example"}, ["spam"]),
        ("replies", {"author": "spammer", "link_domain": "SHOP.spam.example"}, ["spam"]),
        ("replies", {"author": "spammer", "link_domain": "am.example"}, []),
        ("replies", {"author": "spammer", "open_item": "report"}, []),
        ("replies", {"thread_id": 1}, ["spam", "word", "good"]),
        ("threads", {"thread_id": 1}, ["thread"]),
        ("replies", {"state": "held", "post": "here"}, []),
    ],
)
def test_texts_are_found_by_what_is_asked(
    community: Community,
    moderator: Person,
    spammer: Person,
    texts: str,
    which: Json,
    found: list[str],
) -> None:
    thread = community.thread(post=community.post(slug="here"))
    there = {
        "thread": thread,
        "spam": community.reply(spammer, thread, body=SPAM),
        "word": community.reply(spammer, thread, body="spam.example"),
        "good": community.reply(thread=thread),
    }
    assert ids(freeze(moderator, texts=texts, **which).json) == [there[n]["id"] for n in found]


@on_one_database
@pytest.mark.parametrize("which", [{"link_domain": "spam.example"}, {"author": "nobody"}])
def test_what_is_asked_for_badly_is_refused(moderator: Person, which: Json) -> None:
    assert freeze(moderator, **which).status_code in {404, 422}


def test_too_many_texts_are_refused(
    community: Community, moderator: Person, spammer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST", 1)
    for _ in range(2):
        community.reply(spammer)
    assert freeze(moderator, author="spammer").json["errors"][0]["pointer"] == "/filter"


def test_members_act_on_nothing_at_once(community: Community, spammer: Person) -> None:
    assert freeze(spammer, author="spammer").status_code == 403


def test_what_waits_about_the_texts_is_decided(
    community: Community, moderator: Person, spammer: Person
) -> None:
    reply = community.reply(spammer)
    reporter = community.member()
    reporter.ok("POST", f"/replies/{reply['id']}/reports", {"reason": "spam"})
    done = execute(moderator, freeze(moderator, open_item="report", author="spammer").json)
    assert [item["outcome"] for item in done["items"]] == ["changed"]
    assert moderator.ok("GET", "/moderation/queue")["items"] == []
    moderator.ok("POST", f"/moderation/log/{done['items'][0]['group']}/undo", {})
    assert len(moderator.ok("GET", "/moderation/queue")["items"]) == 1
    assert state(community, reply) == "visible"


@on_one_database
def test_all_that_waits_about_a_text_is_decided_at_once(
    community: Community, moderator: Person, spammer: Person
) -> None:
    rule = {"kind": "word", "action": "flag", "value": "shop"}
    moderator.ok("POST", "/moderation/rules", rule)
    reply = community.reply(spammer, body="My shop.")
    community.member().ok("POST", f"/replies/{reply['id']}/reports", {"reason": "spam"})
    assert len(moderator.ok("GET", "/moderation/queue")["items"]) == 2
    (done,) = execute(moderator, freeze(moderator, author="spammer").json)["items"]
    assert moderator.ok("GET", "/moderation/queue")["items"] == []
    moderator.ok("POST", f"/moderation/log/{done['group']}/undo", {})
    assert len(moderator.ok("GET", "/moderation/queue")["items"]) == 2


def test_bulks_that_meet_in_the_same_threads_wait_for_each_other(
    community: Community, moderator: Person
) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(2)]
    one, other = community.members(2)
    for first, second in [threads, threads[::-1]] * 4:
        community.reply(one, first)
        community.reply(other, second)
    frozen = [freeze(moderator, author=each.username).json["id"] for each in (one, other)]
    acts = [request(moderator, "POST", f"/moderation/bulk/{each}/execute") for each in frozen]
    assert statuses(acts) == {200: 2}
    assert_everything_agrees(community)
