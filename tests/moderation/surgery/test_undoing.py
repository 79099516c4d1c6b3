"""Undoing thread surgery: all is as it was, and what was written meanwhile goes along."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from forum.core.db import db, table_of
from forum.replies.models import FlattenedReply, Reply
from forum.threads.models import Thread
from forum.votes.models import ReplyVote, ThreadVote
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.moderation.surgery.acts import (
    MANAGEMENT,
    TECHNICAL,
    last_group,
    merge,
    move,
    split,
    tree,
    undo,
)

TIMES = ("left_thread_at", "left_post_at", "turned_at")
"""Of the readers of feeds: they see things leave and come back."""


def rows(community: Community) -> dict[str, set[Any]]:
    """Threads and replies that can be seen, as they stand there, and all votes."""
    with community.app.app_context():
        return {
            model.__tablename__: {
                tuple(value for name, value in row._mapping.items() if not _is_trace(name))
                for row in db.session.execute(select(*table_of(model).c))
                if getattr(row, "listed", True)
            }
            for model in (Reply, Thread, ReplyVote, ThreadVote, FlattenedReply)
        }


def _is_trace(name: str) -> bool:
    return name.startswith("left_") or name.endswith("turned_at")


def a_large_thread(community: Community) -> Json:
    """With votes, ballots, paths, a tombstone and what is removed."""
    top = community.reply(path=TECHNICAL)
    reply = community.reply(to=top, path=MANAGEMENT)
    removed = community.reply(to=reply, path=TECHNICAL)
    community.reply(to=removed, path=TECHNICAL)
    community.reply(to=reply)
    community.cast(reply, technical=3)
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    community.admin.ok("DELETE", f"/replies/{removed['id']}")
    return reply


Act = Callable[[Community, Person, Json], object]

ACTS: dict[str, Act] = {
    "split": lambda _, moderator, reply: split(moderator, reply),
    "merge": lambda community, moderator, reply: merge(
        moderator, {"id": reply["thread_id"]}, community.thread()
    ),
    "move": lambda community, moderator, reply: move(
        moderator, {"id": reply["thread_id"]}, community.post()
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_was_moved_is_as_it_was(community: Community, moderator: Person, act: str) -> None:
    community.thread()
    reply = a_large_thread(community)
    before = rows(community)
    ACTS[act](community, moderator, reply)
    assert rows(community) != before
    assert undo(moderator).status_code == 201
    after = rows(community)
    others = after["threads"] - before["threads"]
    assert {name: found - others for name, found in after.items()} == before


@pytest.mark.parametrize("act", ACTS)
def test_what_was_undone_is_done_again(community: Community, moderator: Person, act: str) -> None:
    reply = a_large_thread(community)
    ACTS[act](community, moderator, reply)
    moved = rows(community)
    undo(moderator)
    assert undo(moderator).status_code == 201
    assert rows(community) == moved


def test_what_was_flattened_stands_again_where_it_was(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_MAX_NESTING="3")
    first = community.reply()
    second = community.reply(to=first)
    community.reply(to=second)
    community.reply(to=second)
    thread, moderator = {"id": first["thread_id"]}, community.moderator()
    before = tree(community, thread)
    merge(moderator, thread, community.thread())
    undo(moderator)
    assert tree(community, thread) == before


def test_what_was_written_meanwhile_comes_along(community: Community, moderator: Person) -> None:
    reply = community.reply()
    below = community.reply(to=reply)
    opened = split(moderator, reply)
    later = community.reply(thread=opened)
    community.member().ok("PUT", f"/threads/{opened['id']}/vote", {"value": -1})
    undo(moderator)
    assert tree(community, {"id": reply["thread_id"]}) == [
        (reply["id"], None, 0),
        (below["id"], reply["id"], 1),
        (later["id"], reply["id"], 1),
    ]
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}")["votes"]["down"] == 1


def test_an_opening_that_was_edited_meanwhile_stays_so(
    community: Community, moderator: Person
) -> None:
    author = community.member()
    reply = community.reply(author)
    opened = split(moderator, reply)
    author.ok("PATCH", f"/threads/{opened['id']}", {"body": "On second thoughts."})
    undo(moderator)
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert shown["body"] == "On second thoughts."


def test_what_was_deleted_meanwhile_cannot_come_back(
    community: Community, moderator: Person
) -> None:
    author = community.member()
    opened = split(moderator, community.reply(author))
    author.ok("DELETE", f"/threads/{opened['id']}")
    answer = undo(moderator)
    assert (answer.status_code, answer.json["code"]) == (409, "thread-gone")


def test_what_was_moved_on_meanwhile_is_not_moved_back(
    community: Community, moderator: Person
) -> None:
    opened = split(moderator, community.reply())
    group = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    merge(moderator, opened, community.thread())
    answer = moderator.post(f"/moderation/log/{group}/undo", {})
    assert answer.status_code == 409


def test_a_thread_stays_one_while_it_holds_the_place_it_was_split_off_from(
    community: Community, moderator: Person
) -> None:
    reply = community.reply(to=community.reply())
    opened = split(moderator, reply)
    group = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    merge(moderator, {"id": reply["thread_id"]}, opened)
    answer = moderator.post(f"/moderation/log/{group}/undo", {})
    assert (answer.status_code, answer.json["code"]) == (409, "overtaken")


def test_a_locked_thread_is_a_locked_part_of_another(
    community: Community, moderator: Person
) -> None:
    reply, target = community.reply(), community.thread()
    path = f"/moderation/threads/{reply['thread_id']}"
    moderator.ok("PUT", f"{path}/lock", {"reason": "Enough."})
    merge(moderator, {"id": reply["thread_id"]}, target)
    body = {"body": "But.", "parent_id": reply["id"]}
    refused = community.member().post(f"/threads/{target['id']}/replies", body)
    assert refused.json["code"] == "branch-locked"


@on_one_database
def test_a_lock_that_has_gone_with_its_text_is_not_undone(
    community: Community, moderator: Person
) -> None:
    reply = community.reply()
    moderator.ok("PUT", f"/moderation/replies/{reply['id']}/lock", {"reason": "Enough."})
    group = last_group(moderator)
    opened = split(moderator, reply)
    answer = moderator.post(f"/moderation/log/{group}/undo", {})
    assert (answer.status_code, answer.json["code"]) == (409, "reply-gone")
    assert community.passer_by.ok("GET", f"/threads/{opened['id']}")["locked"]
