"""Every stored number of a forum, and the same counted anew from rows that nobody derives.

Counts in memory, slowly and plainly, from who answered whom, votes, ballots and the facts of a
text's life; shares nothing with the counters, nor with `flask recount`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.config import settings_of
from forum.core import ranking
from forum.paths.models import Ballot, Pin
from forum.paths.resolve import VALUES, PinnedPath, resolve
from forum.posts.models import Post
from forum.replies.models import PostStance, Reply, ThreadStance
from forum.threads.models import Thread
from forum.votes.models import ReplyVote, ThreadVote

TECHNICAL, MANAGEMENT = "technical-path", "management-path"
FACTS = ("deleted_at", "removed_at", "held_at", "purged_at")

Numbers = dict[tuple[str, int, str], Any]


def stored(session: Session) -> Numbers:
    """What the rows say of themselves; by table, id and column."""
    counted = counted_anew(session)
    rows = {
        (name, row.id): row
        for name, table in (("post", Post), ("thread", Thread), ("reply", Reply))
        for row in _all(session, table)
    }
    rows |= {("member", row.id): row for row in _all(session, Member)}
    return {key: getattr(rows[key[:2]], key[2]) for key in counted}


def counted_anew(session: Session) -> Numbers:
    """What they should say."""
    return {
        (name, row_id, column): value
        for name, row_id, values in _Count(session).everything()
        for column, value in values.items()
    }


def stances(session: Session) -> dict[tuple[str, int, int, str], int]:
    """How many replies of an author stand for what; by table, thread or post, author and kind."""
    return {
        (name, getattr(row, scope), row.author_id, kind): getattr(row, kind)
        for name, scope, table in (
            ("thread", "thread_id", ThreadStance),
            ("post", "post_id", PostStance),
        )
        for row in _all(session, table)
        for kind in ("technical", "management", "bridge")
        if getattr(row, kind)
    }


def stances_counted_anew(session: Session) -> dict[tuple[str, int, int, str], int]:
    """What they should be."""
    numbers: dict[tuple[str, int, int, str], int] = defaultdict(int)
    for reply in _all(session, Reply):
        kind = _stance(reply)
        if _is_visible(reply) and kind:
            numbers["thread", reply.thread_id, reply.author_id, kind] += 1
            numbers["post", reply.post_id, reply.author_id, kind] += 1
    return dict(numbers)


class _Count:
    def __init__(self, session: Session) -> None:
        self.thresholds = settings_of(session).thresholds
        self.posts = _all(session, Post)
        self.threads = _all(session, Thread)
        self.replies = _all(session, Reply)
        self.members = _all(session, Member)
        self.votes = {
            "thread": _grouped(_all(session, ThreadVote), "thread_id"),
            "reply": _grouped(_all(session, ReplyVote), "reply_id"),
        }
        self.ballots = _grouped(_all(session, Ballot), "reply_id")
        self.pins = {pin.reply_id: pin for pin in _all(session, Pin) if pin.lifted_at is None}
        self.answers = _grouped(self.replies, "parent_id")

    def everything(self) -> Iterator[tuple[str, int, dict[str, Any]]]:
        for reply in self.replies:
            yield "reply", reply.id, self.of_reply(reply)
        for thread in self.threads:
            yield "thread", thread.id, self.of_thread(thread)
        for post in self.posts:
            yield "post", post.id, self.of_post(post)
        for member in self.members:
            yield "member", member.id, self.of_member(member)

    def of_reply(self, reply: Row[Any]) -> dict[str, Any]:
        below = self.visible_below(reply)
        up, down = self.votes_on("reply", reply)
        ballots = self.ballots[reply.id]
        numbers = {value: sum(b.path == value for b in ballots) for value in VALUES}
        pin = self.pins.get(reply.id)
        pinned = PinnedPath(pin.path) if pin else None
        found = resolve(reply.declared, numbers, pinned, self.thresholds)
        return {
            "visible": _is_visible(reply),
            "listed": self.is_listed(reply),
            "reply_count": len(below),
            "child_count": sum(self.is_listed(child) for child in self.answers[reply.id]),
            "up": up,
            "down": down,
            "score": up - down,
            "best": ranking.wilson_lower_bound(up, down),
            "controversy": ranking.controversy(up, down),
            "technical_ballots": numbers[TECHNICAL],
            "management_ballots": numbers[MANAGEMENT],
            "neither_ballots": numbers["neither"],
            "path": found.path,
            "path_source": found.source,
            "contested": found.contested,
            "bridge": found.bridge,
        }

    def of_thread(self, thread: Row[Any]) -> dict[str, Any]:
        replies = self.visible_in("thread_id", thread)
        up, down = self.votes_on("thread", thread)
        latest = max((reply.created_at for reply in replies), default=None)
        return {
            "visible": _is_visible(thread),
            "listed": _is_visible(thread) or bool(replies),
            "reply_count": len(replies),
            "last_reply_at": latest,
            "active_at": latest or thread.created_at,
            "up": up,
            "down": down,
            "score": up - down,
            "best": ranking.wilson_lower_bound(up, down),
            "hot": ranking.hot(up - down, thread.created_at.timestamp()),
            **_balance(replies),
        }

    def of_post(self, post: Row[Any]) -> dict[str, Any]:
        replies = self.visible_in("post_id", post)
        threads = [thread for thread in self.threads if thread.post_id == post.id]
        latest = max(self.activity(threads, replies), default=None)
        return {
            "thread_count": sum(_is_visible(thread) for thread in threads),
            "reply_count": len(replies),
            "last_activity_at": latest,
            "active_at": latest or post.created_at,
            **_balance(replies),
        }

    def of_member(self, member: Row[Any]) -> dict[str, Any]:
        mine = self.visible_in("author_id", member)
        return {
            "technical_standing": sum(self.score(r) for r in mine if r.path == TECHNICAL),
            "management_standing": sum(self.score(r) for r in mine if r.path == MANAGEMENT),
        }

    def visible_in(self, scope: str, row: Row[Any]) -> list[Row[Any]]:
        return [r for r in self.replies if getattr(r, scope) == row.id and _is_visible(r)]

    def visible_below(self, reply: Row[Any]) -> list[Row[Any]]:
        found, waiting = [], [reply]
        while waiting:
            answers = self.answers[waiting.pop().id]
            waiting += answers
            found += [answer for answer in answers if _is_visible(answer)]
        return found

    def is_listed(self, reply: Row[Any]) -> bool:
        return _is_visible(reply) or bool(self.visible_below(reply))

    def activity(
        self, threads: Iterable[Row[Any]], replies: Iterable[Row[Any]]
    ) -> Iterator[datetime]:
        """When a thread that is listed was last written in."""
        latest: dict[int, datetime] = {}
        for reply in sorted(replies, key=lambda r: r.created_at):
            latest[reply.thread_id] = reply.created_at
        for thread in threads:
            if _is_visible(thread) or thread.id in latest:
                yield latest.get(thread.id, thread.created_at)

    def votes_on(self, kind: str, row: Row[Any]) -> tuple[int, int]:
        values = [vote.value for vote in self.votes[kind][row.id]]
        return values.count(1), values.count(-1)

    def score(self, reply: Row[Any]) -> int:
        up, down = self.votes_on("reply", reply)
        return up - down


def _balance(replies: Iterable[Row[Any]]) -> dict[str, int]:
    authors: dict[str | None, set[int]] = defaultdict(set)
    for reply in replies:
        authors[_stance(reply)].add(reply.author_id)
    technical, management = authors["technical"], authors["management"]
    bridges = authors["bridge"]
    return {
        "technical_halves": 2 * len(technical) + len(bridges - technical),
        "management_halves": 2 * len(management) + len(bridges - management),
        "bridge_authors": len(bridges),
    }


def _stance(reply: Row[Any]) -> str | None:
    if reply.bridge:
        return "bridge"
    return {TECHNICAL: "technical", MANAGEMENT: "management"}.get(reply.path)


def _is_visible(row: Row[Any]) -> bool:
    return not any(getattr(row, fact) for fact in FACTS)


def _all(session: Session, table: Any) -> list[Row[Any]]:
    return list(session.execute(select(*table.__table__.c)))


def _grouped(rows: Iterable[Row[Any]], column: str) -> dict[Any, list[Row[Any]]]:
    groups: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, column)].append(row)
    return groups
