"""What many replies add to the numbers of the thread and the post they stand in, all at once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.core import many
from forum.core.db import table_of
from forum.posts import commands as posts
from forum.replies.counters import KINDS, settle_activity, weights
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads import commands as threads


@dataclass(frozen=True)
class Load:
    """How many replies are visible, and what their authors stand for with how many of them."""

    replies: int
    stances: Mapping[int, Mapping[str, int]]


def load_of(session: Session, which: ColumnElement[bool]) -> Load:
    """What the visible ones among some replies add."""
    columns = [func.sum(case((stands, 1), else_=0)).label(k) for k, stands in _STANDS.items()]
    found = select(Reply.author_id, func.count().label("replies"), *columns)
    rows = session.execute(found.where(which, Reply.visible).group_by(Reply.author_id)).all()
    stances = {row.author_id: {kind: getattr(row, kind) for kind in KINDS} for row in rows}
    speaking = {author: kinds for author, kinds in stances.items() if any(kinds.values())}
    return Load(sum(row.replies for row in rows), speaking)


def shift(
    session: Session, load: Load, thread_ids: tuple[int, int], post_ids: tuple[int, int]
) -> None:
    """Count a load no longer in the first thread and post, but in the second; all are locked."""
    if thread_ids[0] != thread_ids[1]:
        for thread_id, sign in zip(thread_ids, (-1, 1), strict=True):
            moved = _restate(session, load, ThreadStance.thread_id, thread_id, sign)
            threads.count(session, thread_id, {"reply_count": sign * load.replies, **moved})
    if post_ids[0] != post_ids[1]:
        for post_id, sign in zip(post_ids, (-1, 1), strict=True):
            moved = _restate(session, load, PostStance.post_id, post_id, sign)
            posts.count(session, post_id, {"reply_count": sign * load.replies, **moved})
    for thread_id, post_id in zip(thread_ids, post_ids, strict=True):
        settle_activity(session, thread_id, post_id)


_STANDS = {
    "technical": and_(Reply.path == TECHNICAL, ~Reply.bridge),
    "management": and_(Reply.path == MANAGEMENT, ~Reply.bridge),
    "bridge": Reply.bridge,
}


def _restate(
    session: Session, load: Load, scope: InstrumentedAttribute[int], scope_id: int, sign: int
) -> dict[str, int]:
    """Change how often authors stand for what; gives what that changes of the balance."""
    table: Any = scope.class_
    of_authors = many.among(session, table.author_id, load.stances)
    held = session.execute(select(*table_of(table).c).where(scope == scope_id, of_authors))
    before = {row.author_id: {kind: getattr(row, kind) for kind in KINDS} for row in held}
    numbers: Counter[str] = Counter()
    rows = []
    for author_id, more in sorted(load.stances.items()):
        stood = before.get(author_id, dict.fromkeys(KINDS, 0))
        stands = {kind: stood[kind] + sign * more[kind] for kind in KINDS}
        numbers.update(weights(**stands))
        numbers.subtract(weights(**stood))
        rows.append({scope.key: scope_id, "author_id": author_id, **stands})
    many.store_each(session, table, rows)
    return dict(numbers)
