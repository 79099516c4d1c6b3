"""Acting as a moderator: every change is one entry of what was and what is."""

from datetime import UTC, datetime

import pytest

from forum.moderation.facets import Facet, Values
from forum.moderation.text_facets import (
    NOT_HELD,
    NOT_REMOVED,
    REPLY_HELD,
    REPLY_REMOVED,
    THREAD_HELD,
    THREAD_REMOVED,
    held,
    removed,
)
from tests.community import Community, Json, Person
from tests.moderation.acts import assert_everything_agrees, change, entries

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOTH_WAYS = [
    pytest.param(REPLY_REMOVED, removed("Spam.", NOON), NOT_REMOVED, id="removed reply"),
    pytest.param(REPLY_HELD, held(NOON), NOT_HELD, id="held reply"),
    pytest.param(THREAD_REMOVED, removed("Spam.", NOON), NOT_REMOVED, id="removed thread"),
    pytest.param(THREAD_HELD, held(NOON), NOT_HELD, id="held thread"),
]


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def thread(community: Community) -> Json:
    thread = community.thread()
    reply = community.reply(thread=thread, path="technical-path")
    community.reply(to=reply, path="management-path")
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    return {**thread, "reply": reply["id"]}


def hidden(facet: Facet, thread: Json) -> int:
    found: int = thread["reply" if facet.name.startswith("reply") else "id"]
    return found


def seen(community: Community, thread: Json) -> list[Json]:
    """What passers-by read of a thread and below its post."""
    reader, post = community.passer_by, thread["post_id"]
    posts = [each for each in reader.ok("GET", "/posts")["items"] if each["id"] == post]
    replies = reader.ok("GET", f"/threads/{thread['id']}/replies")["items"]
    return [*posts, *replies, reader.ok("GET", f"/threads/{thread['id']}")]


@pytest.mark.parametrize(("facet", "there", "back"), BOTH_WAYS)
def test_what_is_taken_away_comes_back_as_it_was(
    community: Community, moderator: Person, thread: Json, facet: Facet, there: Values, back: Values
) -> None:
    before = seen(community, thread)
    change(community, moderator, facet, hidden(facet, thread), there)
    assert seen(community, thread) != before
    assert_everything_agrees(community)
    change(community, moderator, facet, hidden(facet, thread), back)
    assert seen(community, thread) == before
    assert_everything_agrees(community)


def test_an_entry_tells_what_was_and_what_is(
    community: Community, moderator: Person, thread: Json
) -> None:
    group = change(community, moderator, REPLY_HELD, thread["reply"], held(NOON), "Look at it.")
    (entry,) = entries(community)[-1:]
    assert (entry.group_id, entry.action) == (group, "reply.held")
    assert entry.target == f"reply:{thread['reply']}"
    assert entry.public == {"by": "moderator"}
    assert entry.private == {
        "reason": "Look at it.",
        "facet": "reply.held",
        "before": {"held_at": None},
        "after": {"held_at": NOON.isoformat()},
    }
