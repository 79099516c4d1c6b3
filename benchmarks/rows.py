"""The rows of a made-up community, as mappings from column to value, in the order of their ids."""

from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from benchmarks.prose import bodies
from benchmarks.tree import HUGE_THREAD, Size, Tree
from forum.accounts.models import MEMBER, Member
from forum.accounts.names import skeleton
from forum.core import ranking
from forum.core.db import Model
from forum.core.urls import page_key
from forum.paths.models import Ballot
from forum.paths.resolve import Resolution, resolve
from forum.posts.models import Post, PostAddress
from forum.replies import turns
from forum.replies.models import FLAGS, MANAGEMENT, NEITHER, PATHS, TECHNICAL, Reply
from forum.threads.models import Thread
from forum.votes.models import ReplyVote, ThreadVote

Row = dict[str, Any]
Batch = dict[type[Model], list[Row]]

HUGE_TITLE = "The huge thread"
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
"""Posts and threads are as old as this, and replies are spread over the year that follows."""
YEAR = timedelta(days=365)

HOW_MANY_VOTES = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 5, 12)
UP = 0.8
DECLARES = 0.3
HOW_MANY_BALLOTS = (0,) * 36 + (1, 3, 4, 6)
BALLOTS = (TECHNICAL, TECHNICAL, MANAGEMENT, MANAGEMENT, NEITHER)


def page_url(post: int) -> str:
    """The address of the article with this id."""
    return f"https://blog.example.com/posts/{post}"


class Rows:
    """All rows that follow from a size and a seed; always the same ones."""

    def __init__(self, size: Size, tree: Tree, random: Random) -> None:
        self._size, self._tree, self._random = size, tree, random
        self._bodies = bodies(random)
        self._written_by = array("l", [0])

    def members(self) -> Iterator[Batch]:
        for member in range(1, self._size.members + 1):
            name = f"member-{member}"
            yield {Member: [{
                "id": member,
                "username": name,
                "username_skeleton": skeleton(name),
                "display_name": f"Member {member}",
                "email": f"{name}@example.org",
                "email_key": f"{name}@example.org",
                "email_confirmed_at": BEGIN,
                "role": MEMBER,
                "created_at": BEGIN,
            }]}  # fmt: skip

    def posts(self) -> Iterator[Batch]:
        for post in range(1, self._size.posts + 1):
            url = page_url(post)
            row = {"id": post, "slug": f"post-{post}", "url": url, "title": f"Post {post}"}
            yield {
                Post: [{**row, "created_at": BEGIN + timedelta(seconds=post)}],
                PostAddress: [{"key": page_key(url), "post_id": post}],
            }

    def threads(self) -> Iterator[Batch]:
        for thread in range(1, self._size.threads + 1):
            author, (body, html) = self._opener(thread), self._random.choice(self._bodies)
            created_at = BEGIN + timedelta(milliseconds=thread)
            votes = self._votes("thread_id", thread, author, created_at)
            up, down = _tally(votes)
            row = {
                "id": thread,
                "post_id": self._post_of(thread),
                "author_id": author,
                "title": HUGE_TITLE if thread == HUGE_THREAD else f"Thread {thread}",
                "body": body,
                "body_html": html,
                "created_at": created_at,
                "up": up,
                "down": down,
                "best": ranking.wilson_lower_bound(up, down),
                "hot": ranking.hot(up - down, created_at.timestamp()),
            }
            yield {Thread: [row], ThreadVote: votes}

    def replies(self) -> Iterator[Batch]:
        for reply in range(1, self._size.replies + 1):
            author = self._author()
            self._written_by.append(author)
            created_at = BEGIN + YEAR * (reply / self._size.replies)
            votes = self._votes("reply_id", reply, author, created_at)
            ballots = self._ballots(reply, author, created_at)
            row = self._reply(reply, author, created_at)
            row.update(_judged(votes), **self._on_path(ballots))
            row.update(_times_on_paths(row))
            yield {Reply: [row], ReplyVote: votes, Ballot: ballots}

    def _reply(self, reply: int, author: int, created_at: datetime) -> Row:
        tree, (body, html) = self._tree, self._random.choice(self._bodies)
        return {
            "id": reply,
            "thread_id": tree.thread[reply],
            "post_id": self._post_of(tree.thread[reply]),
            "parent_id": tree.parent[reply] or None,
            "reply_to_id": tree.answered[reply] or None,
            "author_id": author,
            "answered_id": self._answered(reply, author),
            "depth": tree.depth[reply],
            "tree_key": tree.key(reply),
            "body": body,
            "body_html": html,
            "created_at": created_at,
            "reply_count": tree.descendants[reply],
            "child_count": tree.children[reply],
            "deleted_at": BEGIN + YEAR if tree.deleted[reply] else None,
            "turned_at": BEGIN + YEAR if tree.deleted[reply] else None,
        }

    def _answered(self, reply: int, author: int) -> int | None:
        """Who wrote what it answers, if that is somebody else."""
        above = self._tree.answered[reply]
        wrote = self._written_by[above] if above else self._opener(self._tree.thread[reply])
        return wrote if wrote != author else None

    def _on_path(self, ballots: list[Row]) -> Row:
        """What decides the path of a reply, and the decision."""
        declared = self._random.choice(PATHS) if self._random.random() < DECLARES else None
        cast = [ballot["path"] for ballot in ballots]
        counts = [cast.count(value) for value in (TECHNICAL, MANAGEMENT, NEITHER)]
        found = _resolve(declared, *counts)
        return {
            "declared": declared,
            "technical_ballots": counts[0],
            "management_ballots": counts[1],
            "neither_ballots": counts[2],
            "path": found.path,
            "path_source": found.source,
            "contested": found.contested,
            "bridge": found.bridge,
        }

    def _votes(self, of: str, target: int, author: int, at: datetime) -> list[Row]:
        voters = self._others(author, self._random.choice(HOW_MANY_VOTES))
        return [
            {of: target, "member_id": voter, "value": self._up_or_down(), "voted_at": at}
            for voter in voters
        ]

    def _ballots(self, reply: int, author: int, at: datetime) -> list[Row]:
        voters = self._others(author, self._random.choice(HOW_MANY_BALLOTS))
        return [
            {
                "reply_id": reply,
                "member_id": voter,
                "path": self._random.choice(BALLOTS),
                "cast_at": at,
            }
            for voter in voters
        ]

    def _others(self, author: int, number: int) -> list[int]:
        """So many different members, none of them the author."""
        others = self._size.members - 1
        start = self._draw(others)
        return [(author + (start + i) % others) % self._size.members + 1 for i in range(number)]

    def _opener(self, thread: int) -> int:
        return 1 + thread * 7919 % self._size.members

    def _author(self) -> int:
        return 1 + self._draw(self._size.members)

    def _draw(self, below: int) -> int:
        return int(self._random.random() * below)

    def _up_or_down(self) -> int:
        return 1 if self._random.random() < UP else -1

    def _post_of(self, thread: int) -> int:
        return 1 + (thread - 1) % self._size.posts


def _times_on_paths(reply: Row) -> Row:
    on = {f: turns.stands_on(p, reply["path"], reply["bridge"]) for f, p in FLAGS.items()}
    entered = {f"{flag}_entered_at": reply["created_at"] if on[flag] else None for flag in on}
    return entered | {f"{flag}_turned_at": reply["turned_at"] if on[flag] else None for flag in on}


def _judged(votes: list[Row]) -> Row:
    up, down = _tally(votes)
    return {
        "up": up,
        "down": down,
        "best": ranking.wilson_lower_bound(up, down),
        "controversy": ranking.controversy(up, down),
    }


def _tally(votes: list[Row]) -> tuple[int, int]:
    values = [vote["value"] for vote in votes]
    return values.count(1), values.count(-1)


@cache
def _resolve(declared: str | None, technical: int, management: int, neither: int) -> Resolution:
    return resolve(declared, {TECHNICAL: technical, MANAGEMENT: management, NEITHER: neither}, None)
