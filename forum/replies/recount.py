"""What is stored about replies around them, against the replies there are.

One pass over all replies in reading order, so that a sub-tree is closed before the next begins.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core import clock
from forum.core.recount import Difference, compare
from forum.posts.models import Post
from forum.replies.counters import stance_of, weights
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads import turns
from forum.threads.gap import GAPS
from forum.threads.models import Thread

CHUNK = 1000
NO_BALANCE = {"technical_halves": 0, "management_halves": 0, "bridge_authors": 0}
_OF_GAPS = [
    column for gap in GAPS for column in (f"in_{gap}", f"{gap}_entered_at", f"{gap}_turned_at")
]


@dataclass
class _Totals:
    """What the pass over all replies has counted so far."""

    replies_of_thread: Counter[int] = field(default_factory=Counter)
    replies_of_post: Counter[int] = field(default_factory=Counter)
    latest: dict[int, datetime] = field(default_factory=dict)
    thread_stances: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    post_stances: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    technical: Counter[int] = field(default_factory=Counter)
    management: Counter[int] = field(default_factory=Counter)

    def add(self, row: Row[Any]) -> None:
        """Count a visible reply."""
        self.replies_of_thread[row.thread_id] += 1
        self.replies_of_post[row.post_id] += 1
        self.latest[row.thread_id] = max(
            self.latest.get(row.thread_id, row.created_at), row.created_at
        )
        stance = stance_of(row)
        if stance:
            self.thread_stances[row.thread_id, row.author_id, stance] += 1
            self.post_stances[row.post_id, row.author_id, stance] += 1
        if row.path == TECHNICAL:
            self.technical[row.author_id] += row.up - row.down
        if row.path == MANAGEMENT:
            self.management[row.author_id] += row.up - row.down


@dataclass
class _Open:
    """A reply whose sub-tree is being read."""

    row: Row[Any]
    replies: int = 0
    children: int = 0


def differences(session: Session) -> Iterator[Difference]:
    """Counts, balances and standings that are stored wrongly."""
    totals = _Totals()
    yield from _differences_in_tree(session, totals)
    yield from _differences_of_stances(
        session, ThreadStance, ThreadStance.thread_id, totals.thread_stances
    )
    yield from _differences_of_stances(session, PostStance, PostStance.post_id, totals.post_stances)
    yield from _differences_of_threads(session, totals)
    yield from _differences_of_posts(session, totals)
    for member in _all(session, Member, "technical_standing", "management_standing"):
        counted = {
            "technical_standing": totals.technical[member.id],
            "management_standing": totals.management[member.id],
        }
        yield from compare(Member, member, counted)


def _differences_in_tree(session: Session, totals: _Totals) -> Iterator[Difference]:
    columns = (
        "thread_id",
        "post_id",
        "author_id",
        "tree_key",
        "visible",
        "created_at",
        "up",
        "down",
        "path",
        "bridge",
        "reply_count",
        "child_count",
    )
    branch: list[_Open] = []
    for row in _all(session, Reply, *columns, order=Reply.tree_key):
        while branch and not row.tree_key.startswith(branch[-1].row.tree_key):
            yield from _close(branch)
        if row.visible:
            totals.add(row)
        branch.append(_Open(row))
    while branch:
        yield from _close(branch)


def _close(branch: list[_Open]) -> Iterator[Difference]:
    """Take the last reply of a branch away and count it in the one above."""
    closed = branch.pop()
    if branch:
        branch[-1].replies += closed.replies + closed.row.visible
        branch[-1].children += closed.row.visible or closed.replies > 0
    counted = {"reply_count": closed.replies, "child_count": closed.children}
    yield from compare(Reply, closed.row, counted)


def _differences_of_stances(
    session: Session, table: Any, scope: Any, counted: Counter[tuple[int, int, str]]
) -> Iterator[Difference]:
    kinds = ("technical", "management", "bridge")
    query = select(scope, table.author_id, *(getattr(table, kind) for kind in kinds))
    stored = set()
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        scope_id = getattr(row, scope.key)
        stored.add((scope_id, row.author_id))
        right = {kind: counted[scope_id, row.author_id, kind] for kind in kinds}
        yield from compare(table, row, right)
    for (scope_id, author_id, kind), number in counted.items():
        if (scope_id, author_id) not in stored:
            key = {scope.key: scope_id, "author_id": author_id}
            yield Difference(table, key, kind, 0, number)


def _differences_of_threads(session: Session, totals: _Totals) -> Iterator[Difference]:
    balances = _balances(totals.thread_stances)
    now = clock.now()
    stored = ("visible", "reply_count", "last_reply_at", *NO_BALANCE, *_OF_GAPS)
    for thread in _all(session, Thread, *stored):
        balance = balances.get(thread.id, NO_BALANCE)
        counted = {
            "reply_count": totals.replies_of_thread[thread.id],
            "last_reply_at": totals.latest.get(thread.id),
            **balance,
            **turns.on_recounting(
                thread, balance["technical_halves"], balance["management_halves"], now
            ),
        }
        yield from compare(Thread, thread, counted)


def _differences_of_posts(session: Session, totals: _Totals) -> Iterator[Difference]:
    balances = _balances(totals.post_stances)
    visible = select(Thread.post_id, func.count()).where(Thread.visible).group_by(Thread.post_id)
    threads = dict(session.execute(visible).all())
    listed = (
        select(Thread.post_id, func.max(Thread.active_at))
        .where(Thread.listed)
        .group_by(Thread.post_id)
    )
    latest = dict(session.execute(listed).all())
    for post in _all(session, Post, "thread_count", "reply_count", "last_activity_at", *NO_BALANCE):
        counted = {
            "thread_count": threads.get(post.id, 0),
            "reply_count": totals.replies_of_post[post.id],
            "last_activity_at": latest.get(post.id),
            **balances.get(post.id, NO_BALANCE),
        }
        yield from compare(Post, post, counted)


def _balances(stances: Counter[tuple[int, int, str]]) -> dict[int, dict[str, int]]:
    by_author: dict[tuple[int, int], dict[str, int]] = defaultdict(
        lambda: {"technical": 0, "management": 0, "bridge": 0}
    )
    for (scope_id, author_id, kind), number in stances.items():
        by_author[scope_id, author_id][kind] = number
    balances: dict[int, dict[str, int]] = defaultdict(lambda: dict(NO_BALANCE))
    for (scope_id, _), stance in by_author.items():
        for name, weight in weights(**stance).items():
            balances[scope_id][name] += weight
    return balances


def _all(session: Session, table: Any, *columns: str, order: Any = None) -> Iterator[Row[Any]]:
    query = select(table.id, *(getattr(table, column) for column in columns))
    query = query.order_by(table.id if order is None else order)
    yield from session.execute(query.execution_options(yield_per=CHUNK))
