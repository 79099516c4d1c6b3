"""Where moved replies stand that would nest too deep, and their way back.

They are put at the last level there may be, as deeper answers are. Whom they stood below is kept,
so that they stand there again as soon as there is room.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from forum.core import many
from forum.core.db import connection_of, table_of
from forum.core.elements import joined
from forum.replies import tree_key
from forum.replies.models import FlattenedReply, Reply
from forum.replies.tree_key import STEP

Keys = Mapping[int, bytes]
"""The keys of replies, by id."""


def flatten(session: Session, root: Reply, max_nesting: int) -> None:
    """Put what nests too deep below `root` at the last level, or else beside `root`."""
    last = max(max_nesting - 1, root.depth)
    first_key, last_key = tree_key.span(root.tree_key)
    found = select(Reply.id, Reply.parent_id, Reply.tree_key).where(
        Reply.tree_key.between(first_key, last_key), Reply.depth > last
    )
    deep = session.execute(found).all()
    former = [{"reply_id": row.id, "parent_id": row.parent_id} for row in deep]
    if former:
        connection_of(session).execute(many.insert_missing(session, FlattenedReply), former)
    before = {row.id: row.tree_key for row in deep}
    _place(session, before, {i: _cut(key, last) for i, key in before.items()})


def unfold(session: Session, thread_id: int, max_nesting: int) -> None:
    """Put those in a thread that were flattened below whom they stood, as far as there is room."""
    parent = aliased(Reply)
    found = (
        select(
            Reply.id, Reply.tree_key, parent.id.label("parent_id"), parent.tree_key.label("above")
        )
        .join(FlattenedReply, FlattenedReply.reply_id == Reply.id)
        .join(parent, parent.id == FlattenedReply.parent_id)
        .where(Reply.thread_id == thread_id, parent.thread_id == thread_id, ~_IS_ANSWERED)
    )
    rows = {row.id: row for row in session.execute(found)}

    @cache
    def whole(reply_id: int) -> bytes:
        """The key that a reply would have without a last level."""
        row = rows[reply_id]
        above = whole(row.parent_id) if row.parent_id in rows else row.above
        return tree_key.child_key(above, reply_id)

    after = {reply_id: whole(reply_id) for reply_id in rows}
    back = [reply_id for reply_id, key in after.items() if len(key) <= STEP * max_nesting]
    before = {reply_id: row.tree_key for reply_id, row in rows.items()}
    _place(session, before, {i: _cut(key, max_nesting - 1) for i, key in after.items()})
    session.execute(
        delete(FlattenedReply).where(many.among(session, FlattenedReply.reply_id, back))
    )


def _cut(key: bytes, last: int) -> bytes:
    """The key of who would stand at `key`, if there were no level after `last`."""
    return key if len(key) <= STEP * (last + 1) else key[: STEP * last] + key[-STEP:]


def _place(session: Session, before: Keys, after: Keys) -> None:
    """Put replies that have none below them elsewhere in their thread, and count anew there."""
    moved = {i: key for i, key in after.items() if key != before[i]}
    if not moved:
        return
    rows = [{"reply": i, **_columns(key)} for i, key in sorted(moved.items())]
    connection_of(session).execute(_PUT, rows)
    recount(session, _above(before[i] for i in moved) | _above(moved.values()))


def _columns(key: bytes) -> dict[str, Any]:
    above = tree_key.ancestor_ids(key)
    return {"key": key, "parent": above[-1] if above else None, "level": len(above)}


def _above(keys: Iterable[bytes]) -> set[int]:
    return {i for key in keys for i in tree_key.ancestor_ids(key)}


def recount(session: Session, reply_ids: Collection[int]) -> None:
    """Count anew what is below some replies; who is listed depends on it, and is counted then."""
    of_these = many.among(session, Reply.id, reply_ids)
    for counted in ({"reply_count": _VISIBLE_BELOW}, {"child_count": _LISTED_BELOW}):
        recount = update(Reply).where(of_these).values(counted)
        session.execute(recount.execution_options(synchronize_session=False))


_TABLE = table_of(Reply)
_PUT = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("reply"))
    .values(parent_id=bindparam("parent"), depth=bindparam("level"), tree_key=bindparam("key"))
)
_OTHER = aliased(Reply)
_LAST_BELOW = joined(_TABLE.c.tree_key, literal(tree_key.LAST))
_VISIBLE_BELOW = (
    select(func.count())
    .where(_OTHER.tree_key > _TABLE.c.tree_key, _OTHER.tree_key <= _LAST_BELOW, _OTHER.visible)
    .correlate(_TABLE)
    .scalar_subquery()
)
_LISTED_BELOW = (
    select(func.count())
    .where(_OTHER.parent_id == _TABLE.c.id, _OTHER.listed)
    .correlate(_TABLE)
    .scalar_subquery()
)
_IS_ANSWERED = exists().where(_OTHER.parent_id == _TABLE.c.id).correlate(_TABLE)
