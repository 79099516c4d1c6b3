"""What a reply adds to the numbers around it, and moving them when that changes.

Every counter moves here and nowhere else: a command takes the reply's contribution, changes the
reply, and settles the difference, in SQL arithmetic inside the same transaction.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from sqlalchemy import bindparam, case, func, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core import counters, lifecycle
from forum.core.db import execute, table_of
from forum.core.elements import Among
from forum.core.pages import Record, rows
from forum.posts import commands as posts
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.replies.tree_key import ancestor_ids
from forum.threads import commands as threads


@dataclass(frozen=True)
class Contribution:
    """What counts of a reply: nothing while it is not visible."""

    visible: bool = False
    technical_score: int = 0
    management_score: int = 0
    stance: str | None = None

    @classmethod
    def of(cls, reply: Reply | Record) -> Self:
        """The contribution of `reply` as its columns are now."""
        if not lifecycle.is_visible(reply):
            return cls()
        score = reply.up - reply.down
        return cls(
            visible=True,
            technical_score=score if reply.path == TECHNICAL else 0,
            management_score=score if reply.path == MANAGEMENT else 0,
            stance=stance_of(reply),
        )


NOTHING = Contribution()

KINDS = ("technical", "management", "bridge")
"""What an author can stand for, as the tables of stances count it."""


def settle(session: Session, reply: Reply | Record, before: Contribution) -> None:
    """Move all counters by the difference between `before` and the reply as it is now.

    The thread must be locked if visibility or path have changed.
    """
    session.flush()
    after = Contribution.of(reply)
    visibility = after.visible - before.visible
    if visibility:
        listed = visibility if reply.reply_count == 0 else 0
        count_in_tree(session, reply.tree_key, visibility, listed)
    if visibility or after.stance != before.stance:
        _count_around(session, reply, visibility, before.stance, after.stance)
    accounts.move_standing(
        session,
        reply.author_id,
        technical=after.technical_score - before.technical_score,
        management=after.management_score - before.management_score,
    )


def stance_of(reply: Any) -> str | None:
    """What a reply counts for in a balance: a bridge counts as nothing else."""
    if reply.bridge:
        return "bridge"
    return {TECHNICAL: "technical", MANAGEMENT: "management"}.get(reply.path or "")


def count_in_tree(session: Session, key: bytes, change: int, listed_change: int) -> None:
    """Count so many visible replies more at `key` and below it in the replies above.

    `listed_change` is 1 if the reply at `key` comes to be listed, -1 if it ceases to. Whoever
    becomes or ceases to be a tombstone on the way is one direct reply more or less.
    """
    above = ancestor_ids(key)
    if not above:
        return
    moved = {"ids": above, "change": change, "direct": above[-1], "listed_change": listed_change}
    found = {row.id: row for row in rows(session, _COUNT_BELOW, **moved)}
    for ancestor_id, its_parent_id in pairwise(reversed(above)):
        ancestor = found[ancestor_id]
        was_listed = ancestor.visible or ancestor.reply_count > change
        is_listed = ancestor.visible or ancestor.reply_count > 0
        counters.add(session, Reply, its_parent_id, {"child_count": is_listed - was_listed})


def _count_around(
    session: Session,
    reply: Reply | Record,
    visibility: int,
    before: str | None,
    after: str | None,
) -> None:
    author = reply.author_id
    in_thread = _move_stance(session, _IN_THREADS, reply.thread_id, author, before, after)
    if before != after:
        posts.lock_row(session, reply.post_id)
    below_post = _move_stance(session, _BELOW_POSTS, reply.post_id, author, before, after)
    replies = {"reply_count": visibility}
    appeared_at = reply.created_at if visibility > 0 else None
    threads.count(session, reply.thread_id, replies | in_thread, appeared_at)
    posts.count(session, reply.post_id, replies | below_post, appeared_at)
    if visibility < 0:
        settle_activity(session, reply.thread_id, reply.post_id)


def settle_activity(session: Session, thread_id: int, post_id: int) -> None:
    """Find the latest activity in a thread and below a post again after something disappeared."""
    latest = execute(session, _LATEST_OF_THREAD, {"thread": thread_id}).scalar()
    threads.set_last_reply(session, thread_id, latest)
    threads.settle_post_activity(session, post_id)


class _Stances:
    """The statements on one of the two tables, built once."""

    def __init__(self, table: Any, scope: Any) -> None:
        of = (scope == bindparam("of"), table.c.author_id == bindparam("by"))
        numbers: dict[Any, Any] = {table.c[kind]: bindparam(f"new_{kind}") for kind in KINDS}
        key: dict[Any, Any] = {scope: bindparam("of"), table.c.author_id: bindparam("by")}
        self.read = select(*numbers).where(*of).with_for_update()
        self.add = insert(table).values(key | numbers)
        self.change = update(table).where(*of).values(numbers)


_IN_THREADS = _Stances(ThreadStance.__table__, ThreadStance.__table__.c.thread_id)
_BELOW_POSTS = _Stances(PostStance.__table__, PostStance.__table__.c.post_id)


def _move_stance(
    session: Session,
    stances: _Stances,
    scope_id: int,
    author_id: int,
    before: str | None,
    after: str | None,
) -> dict[str, int]:
    """Change how often an author stands for what; gives what that changes of the balance."""
    if before == after:
        return {}
    key = {"of": scope_id, "by": author_id}
    found = execute(session, stances.read, key).one_or_none()
    stood = dict(zip(KINDS, found or (0, 0, 0), strict=True))
    stands = {kind: n + (kind == after) - (kind == before) for kind, n in stood.items()}
    new = {f"new_{kind}": n for kind, n in stands.items()}
    execute(session, stances.change if found else stances.add, key | new)
    weight_before, weight_after = weights(**stood), weights(**stands)
    return {name: weight_after[name] - weight_before[name] for name in weight_after}


def weights(technical: int, management: int, bridge: int) -> dict[str, int]:
    """What one author adds to a balance, in halves: one on a path counts two, a bridge one on each.

    Nobody counts more than once on a path, however much they write.
    """
    half = 1 if bridge else 0
    return {
        "technical_halves": 2 if technical else half,
        "management_halves": 2 if management else half,
        "bridge_authors": half,
    }


_TABLE = table_of(Reply)
_COUNT_BELOW = (
    update(_TABLE)
    .where(Among(_TABLE.c.id, "ids"))
    .values(
        reply_count=_TABLE.c.reply_count + bindparam("change"),
        child_count=_TABLE.c.child_count
        + case((_TABLE.c.id == bindparam("direct"), bindparam("listed_change")), else_=0),
    )
    .returning(_TABLE.c.id, _TABLE.c.visible, _TABLE.c.reply_count)
)
"""Counts in the replies bound as `ids`, and in the one bound as `direct` also who is listed."""
_LATEST_OF_THREAD = select(func.max(_TABLE.c.created_at)).where(
    _TABLE.c.thread_id == bindparam("thread"), _TABLE.c.visible
)
