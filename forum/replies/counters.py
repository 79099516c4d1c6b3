"""What a reply adds to the numbers around it, and moving them when that changes.

Every counter moves here and nowhere else: a command takes the reply's contribution, changes the
reply, and settles the difference, in SQL arithmetic inside the same transaction.
"""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core import lifecycle
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
    def of(cls, reply: Reply) -> Self:
        """The contribution of `reply` as its columns are now."""
        if lifecycle.state(reply) != "visible":
            return cls()
        score = (reply.up or 0) - (reply.down or 0)
        return cls(
            visible=True,
            technical_score=score if reply.path == TECHNICAL else 0,
            management_score=score if reply.path == MANAGEMENT else 0,
            stance=stance_of(reply),
        )


NOTHING = Contribution()


def settle(session: Session, reply: Reply, before: Contribution) -> None:
    """Move all counters by the difference between `before` and the reply as it is now.

    The thread must be locked if visibility or path have changed.
    """
    session.flush()
    after = Contribution.of(reply)
    visibility = after.visible - before.visible
    if visibility:
        _count_in_tree(session, reply, visibility)
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


def _count_in_tree(session: Session, reply: Reply, change: int) -> None:
    """Count a reply that appears (+1) or disappears (-1) in those above it.

    Whoever becomes or ceases to be a tombstone on the way is one direct reply more or less.
    """
    above = ancestor_ids(reply.tree_key)
    if not above:
        return
    rows = session.execute(
        select(Reply.id, Reply.visible, Reply.reply_count).where(Reply.id.in_(above))
    )
    found = {row.id: row for row in rows}
    listed_change = change if reply.reply_count == 0 else 0
    gains: dict[int, int] = {}
    for ancestor in (found[i] for i in reversed(above)):
        gains[ancestor.id] = listed_change
        was_listed = ancestor.visible or ancestor.reply_count > 0
        is_listed = ancestor.visible or ancestor.reply_count + change > 0
        listed_change = is_listed - was_listed
    changed = {i: gain for i, gain in gains.items() if gain}
    values: dict[str, Any] = {"reply_count": Reply.reply_count + change}
    if changed:
        values["child_count"] = Reply.child_count + case(changed, value=Reply.id, else_=0)
    session.execute(
        update(Reply)
        .where(Reply.id.in_(above))
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _count_around(
    session: Session, reply: Reply, visibility: int, before: str | None, after: str | None
) -> None:
    in_thread = _move_stance(
        session, ThreadStance, {"thread_id": reply.thread_id}, reply.author_id, before, after
    )
    if before != after:
        posts.lock_row(session, reply.post_id)
    below_post = _move_stance(
        session, PostStance, {"post_id": reply.post_id}, reply.author_id, before, after
    )
    appeared_at = reply.created_at if visibility > 0 else None
    threads.count(session, reply.thread_id, replies=visibility, active_at=appeared_at, **in_thread)
    posts.count(session, reply.post_id, replies=visibility, active_at=appeared_at, **below_post)
    if visibility < 0:
        _settle_activity(session, reply)


def _settle_activity(session: Session, reply: Reply) -> None:
    latest = session.scalar(
        select(func.max(Reply.created_at)).where(Reply.thread_id == reply.thread_id, Reply.visible)
    )
    threads.set_last_reply(session, reply.thread_id, latest)
    threads.settle_post_activity(session, reply.post_id)


def _move_stance(
    session: Session,
    table: type[ThreadStance] | type[PostStance],
    scope: dict[str, int],
    author_id: int,
    before: str | None,
    after: str | None,
) -> dict[str, int]:
    """Change how often an author stands for what; gives what that changes of the balance."""
    if before == after:
        return {}
    key = {**scope, "author_id": author_id}
    stance: Any = session.get(table, key, with_for_update=True, populate_existing=True)
    if stance is None:
        stance = table(**key, technical=0, management=0, bridge=0)
        session.add(stance)
    weights_before = weights(stance.technical, stance.management, stance.bridge)
    for kind, change in ((before, -1), (after, 1)):
        if kind:
            setattr(stance, kind, getattr(stance, kind) + change)
    session.flush()
    weights_after = weights(stance.technical, stance.management, stance.bridge)
    return {name: weights_after[name] - weights_before[name] for name in weights_after}


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
