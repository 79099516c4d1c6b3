"""Destroying all that a member wrote, set by set."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, select, union, union_all, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core import clock
from forum.core.db import table_of
from forum.core.lifecycle import each_visibility
from forum.core.many import among
from forum.posts import sweeps as posts
from forum.replies import turns
from forum.replies.counters import KINDS, stance_of, weights
from forum.replies.models import (
    MANAGEMENT,
    TECHNICAL,
    PostStance,
    Reply,
    Revision,
    ThreadStance,
)
from forum.threads import commands
from forum.threads import sweeps as threads
from forum.threads.models import Thread

Stances = Mapping[int, Counter[str | None]]
"""How many replies stand for what (None: nothing), by thread or post."""


def destroy_all_of(session: Session, author_id: int) -> None:
    """Destroy what a member wrote; locks threads and replies first, in the order all others do.

    In these threads the member writes nothing meanwhile; what they write in others stays.
    """
    thread_ids = commands.lock_rows(session, Thread.id.in_(_written_in(author_id)))
    written = (Reply.author_id == author_id) & among(session, Reply.thread_id, thread_ids)
    visible = _lock(session, written & Reply.visible)
    _uncount_in_tree(session, written & Reply.visible)
    _take_back_standing(session, author_id, visible)
    _destroy(session, written)
    opened = threads.destroy(session, author_id, thread_ids)
    _uncount_in_threads(session, author_id, _stances(visible, "thread_id"))
    accounts.lock_for_erasure(session, author_id)
    _uncount_below_posts(session, author_id, _stances(visible, "post_id"), opened)


def _written_in(author_id: int) -> Any:
    return union(
        *(
            select(thread_id).where(text.author_id == author_id, visibility)
            for text, thread_id in ((Thread, Thread.id), (Reply, Reply.thread_id))
            for visibility in each_visibility(text)
        )
    )


def _lock(session: Session, where: ColumnElement[bool]) -> Sequence[Any]:
    """What counts of the replies: nobody votes on them from here on."""
    counted = select(Reply.thread_id, Reply.post_id, Reply.path, Reply.bridge, Reply.score)
    found = counted.where(where).order_by(Reply.id).with_for_update(key_share=True)
    return session.execute(found).all()


def _destroy(session: Session, written: ColumnElement[bool]) -> None:
    now = clock.now()
    destroyed = {"body": "", "body_html": "", "purged_at": now}
    off = {"synchronize_session": False}
    disappear, stay_hidden = each_visibility(Reply)
    for visibility, times in ((disappear, turns.on_hiding_many(now)), (stay_hidden, {})):
        of_author = update(Reply).where(written, visibility, Reply.purged_at.is_(None))
        session.execute(of_author.values(destroyed | times).execution_options(**off))
    of_hidden = Revision.reply_id.in_(select(Reply.id).where(written, ~Reply.visible))
    session.execute(delete(Revision).where(of_hidden).execution_options(**off))


def _uncount_in_tree(session: Session, disappearing: ColumnElement[bool]) -> None:
    """Count replies that are going to disappear no longer in those above them.

    Who is neither visible then nor has visible replies below is one direct reply less.
    """
    has_parent = Reply.parent_id.is_not(None)
    above = select(Reply.parent_id.label("id")).where(disappearing, has_parent)
    each = above.cte("above", recursive=True)
    each = each.union_all(
        select(Reply.parent_id).join(each, Reply.id == each.c.id).where(has_parent)
    )
    lost = select(each.c.id, func.count().label("replies")).group_by(each.c.id).cte("lost")
    unlisted = union_all(
        select(Reply.parent_id)
        .outerjoin(lost, lost.c.id == Reply.id)
        .where(disappearing, has_parent, Reply.reply_count == func.coalesce(lost.c.replies, 0)),
        select(Reply.parent_id)
        .join(lost, lost.c.id == Reply.id)
        .where(~Reply.visible, has_parent, Reply.reply_count == lost.c.replies),
    ).subquery()
    children = (
        select(unlisted.c.parent_id, func.count().label("number"))
        .group_by(unlisted.c.parent_id)
        .cte("children")
    )
    less = (
        select(lost.c.id, lost.c.replies, func.coalesce(children.c.number, 0).label("children"))
        .outerjoin(children, children.c.parent_id == lost.c.id)
        .cte("less")
    )
    session.execute(
        update(Reply)
        .where(Reply.id == less.c.id)
        .values(
            reply_count=Reply.reply_count - less.c.replies,
            child_count=Reply.child_count - less.c.children,
        )
        .execution_options(synchronize_session=False)
    )


def _take_back_standing(session: Session, author_id: int, replies: Sequence[Row[Any]]) -> None:
    technical, management = (
        sum(reply.score for reply in replies if reply.path == path)
        for path in (TECHNICAL, MANAGEMENT)
    )
    accounts.move_standing(session, author_id, -technical, -management)


def _stances(replies: Sequence[Row[Any]], scope: str) -> Stances:
    found: dict[int, Counter[str | None]] = defaultdict(Counter)
    for reply in replies:
        found[getattr(reply, scope)][stance_of(reply)] += 1
    return found


def _uncount_in_threads(session: Session, author_id: int, lost: Stances) -> None:
    mine = (ThreadStance.author_id == author_id) & among(session, ThreadStance.thread_id, lost)
    session.execute(delete(ThreadStance).where(mine).execution_options(synchronize_session=False))
    changes = {
        thread_id: {"reply_count": -stances.total(), **_difference(stances, Counter())}
        for thread_id, stances in lost.items()
    }
    threads.count(session, changes)
    latest = select(func.max(Reply.created_at)).where(Reply.thread_id == Thread.id, Reply.visible)
    found = select(Thread.id, latest.correlate(Thread).scalar_subquery())
    rows = session.execute(found.where(among(session, Thread.id, lost)))
    threads.set_last_reply(session, {row.id: row[1] for row in rows})


def _uncount_below_posts(
    session: Session, author_id: int, lost: Stances, opened: Counter[int]
) -> None:
    post_ids = {*lost, *opened}
    posts.lock_rows(session, post_ids)
    before = _stances_below(session, author_id, post_ids)
    changes = {}
    for post_id in post_ids:
        gone = lost.get(post_id, Counter())
        numbers = {"thread_count": -opened[post_id], "reply_count": -gone.total()}
        changes[post_id] = numbers | _difference(before[post_id], before[post_id] - gone)
    posts.count(session, changes)
    _withdraw_stances(session, author_id, lost)
    threads.settle_activity_of_posts(session, post_ids)


def _stances_below(
    session: Session, author_id: int, post_ids: Collection[int]
) -> dict[int, Counter[str | None]]:
    """What the member stands for below locked posts."""
    mine = (PostStance.author_id == author_id) & among(session, PostStance.post_id, post_ids)
    found: dict[int, Counter[str | None]] = defaultdict(Counter)
    for stance in session.execute(select(*table_of(PostStance).c).where(mine)):
        found[stance.post_id].update({kind: getattr(stance, kind) for kind in KINDS})
    return found


def _withdraw_stances(session: Session, author_id: int, lost: Stances) -> None:
    rows = [
        {"of": post_id, "by": author_id, **{f"less_{kind}": stances[kind] for kind in KINDS}}
        for post_id, stances in lost.items()
    ]
    if rows:
        session.connection().execute(_WITHDRAW, rows)


def _difference(before: Counter[str | None], after: Counter[str | None]) -> dict[str, int]:
    """What it changes of a balance that an author stands for something else than before."""
    weight_before, weight_after = (
        weights(**{kind: stances[kind] for kind in KINDS}) for stances in (before, after)
    )
    return {name: weight_after[name] - weight_before[name] for name in weight_after}


_STANCE = table_of(PostStance).c
_WITHDRAW = (
    update(table_of(PostStance))
    .where(_STANCE.post_id == bindparam("of"), _STANCE.author_id == bindparam("by"))
    .values({kind: _STANCE[kind] - bindparam(f"less_{kind}") for kind in KINDS})
)
