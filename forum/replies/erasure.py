"""Destroying what a member wrote, set by set."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core import clock
from forum.core.db import table_of
from forum.core.lifecycle import each_visibility
from forum.core.many import among
from forum.posts import sweeps as posts
from forum.replies import turns
from forum.replies.counters import KINDS, stance_of, weights
from forum.replies.locks import lock_threads
from forum.replies.models import (
    MANAGEMENT,
    TECHNICAL,
    PostStance,
    Reply,
    Revision,
    ThreadStance,
)
from forum.threads import sweeps as threads
from forum.threads.models import Thread


@dataclass(frozen=True)
class Words:
    """Replies and threads, by their ids."""

    reply_ids: Sequence[int]
    thread_ids: Sequence[int]

    def parts(self, most: int) -> Iterator[Self]:
        """The same in parts of at most so many."""
        for ids in _cut(self.reply_ids, most):
            yield replace(self, reply_ids=ids, thread_ids=[])
        for ids in _cut(self.thread_ids, most):
            yield replace(self, reply_ids=[], thread_ids=ids)


Stances = Mapping[int, Counter[str | None]]
"""How many replies stand for what (None: nothing), by thread or post."""


def words_of(session: Session, author_id: int) -> Words:
    """What a member wrote that is still to be destroyed, a thread after the other."""
    return Words(
        [*session.scalars(_left(Reply, author_id).order_by(Reply.thread_id, Reply.id))],
        [*session.scalars(_left(Thread, author_id).order_by(Thread.id))],
    )


def destroy(session: Session, author_id: int, words: Words) -> None:
    """Destroy words of an erased member; locks threads and replies first, in everybody's order.

    Every number is right afterwards, whatever else they wrote that is still there.
    """
    written = (Reply.author_id == author_id) & among(session, Reply.id, words.reply_ids)
    lock_threads(session, words.reply_ids, words.thread_ids)
    visible = _lock(session, written & Reply.visible)
    _uncount_in_tree(session, written & Reply.visible)
    _take_back_standing(session, author_id, visible)
    _destroy(session, written)
    opened = threads.destroy(session, author_id, words.thread_ids)
    _uncount_in_threads(session, author_id, _stances(visible, "thread_id"))
    _uncount_below_posts(session, author_id, _stances(visible, "post_id"), opened)


def _left(text: type[Reply] | type[Thread], author_id: int) -> Select[int]:
    visible, hidden = (
        select(text.id).where(text.author_id == author_id, visibility, text.purged_at.is_(None))
        for visibility in each_visibility(text)
    )
    return select(text.id).where(text.id.in_(union_all(visible, hidden)))


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
    before = _IN_THREADS.of(session, author_id, lost)
    changes = {
        thread_id: {"reply_count": -gone.total()} | _difference(before[thread_id], gone)
        for thread_id, gone in lost.items()
    }
    threads.count(session, changes)
    _IN_THREADS.withdraw(session, author_id, lost)
    latest = select(func.max(Reply.created_at)).where(Reply.thread_id == Thread.id, Reply.visible)
    found = select(Thread.id, latest.correlate(Thread).scalar_subquery())
    rows = session.execute(found.where(among(session, Thread.id, lost)))
    threads.set_last_reply(session, {row.id: row[1] for row in rows})


def _uncount_below_posts(
    session: Session, author_id: int, lost: Stances, opened: Counter[int]
) -> None:
    post_ids = {*lost, *opened}
    posts.lock_rows(session, post_ids)
    before = _BELOW_POSTS.of(session, author_id, post_ids)
    changes = {}
    for post_id in post_ids:
        gone = lost.get(post_id, Counter())
        numbers = {"thread_count": -opened[post_id], "reply_count": -gone.total()}
        changes[post_id] = numbers | _difference(before[post_id], gone)
    posts.count(session, changes)
    _BELOW_POSTS.withdraw(session, author_id, lost)
    threads.settle_activity_of_posts(session, post_ids)


class _StancesIn:
    """What a member stands for, by locked thread or post."""

    def __init__(self, table: type[ThreadStance] | type[PostStance], scope: Any) -> None:
        self._table = table
        self._scope = scope
        stance = table_of(table).c
        self._withdraw = (
            update(table_of(table))
            .where(stance[scope.key] == bindparam("of"), stance.author_id == bindparam("by"))
            .values({kind: stance[kind] - bindparam(f"less_{kind}") for kind in KINDS})
        )

    def of(
        self, session: Session, author_id: int, ids: Collection[int]
    ) -> dict[int, Counter[str | None]]:
        """How many replies stand for what."""
        mine = (self._table.author_id == author_id) & among(session, self._scope, ids)
        found: dict[int, Counter[str | None]] = defaultdict(Counter)
        for stance in session.execute(select(*table_of(self._table).c).where(mine)):
            numbers = {kind: getattr(stance, kind) for kind in KINDS}
            found[getattr(stance, self._scope.key)].update(numbers)
        return found

    def withdraw(self, session: Session, author_id: int, lost: Stances) -> None:
        """Let so many replies less stand for what they stood for."""
        rows = [
            {"of": scope_id, "by": author_id, **{f"less_{kind}": gone[kind] for kind in KINDS}}
            for scope_id, gone in lost.items()
        ]
        if rows:
            session.connection().execute(self._withdraw, rows)


_IN_THREADS = _StancesIn(ThreadStance, ThreadStance.thread_id)
_BELOW_POSTS = _StancesIn(PostStance, PostStance.post_id)


def _difference(before: Counter[str | None], gone: Counter[str | None]) -> dict[str, int]:
    """What it changes of a balance that so many replies of an author are gone."""
    weight_before, weight_after = (
        weights(**{kind: stances[kind] for kind in KINDS}) for stances in (before, before - gone)
    )
    return {name: weight_after[name] - weight_before[name] for name in weight_after}


def _cut(ids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
    return (ids[at : at + most] for at in range(0, len(ids), most))
