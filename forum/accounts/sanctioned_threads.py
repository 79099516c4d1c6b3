"""Where sanctions of one thread hold besides: in what moderators have made of that thread."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, select, true, union, update
from sqlalchemy.orm import Session

from forum.accounts.models import Sanction, SanctionedThread
from forum.core.db import table_of
from forum.core.many import add_missing
from forum.core.pages import rows

_SANCTION, _HOLDS_IN = table_of(Sanction).c, table_of(SanctionedThread).c
_HOLDING = union(
    select(_SANCTION.id).where(_SANCTION.thread_id == bindparam("of")),
    select(_HOLDS_IN.sanction_id).where(_HOLDS_IN.thread_id == bindparam("of"), _HOLDS_IN.holds),
).subquery()
_EXTENDED = select(
    _HOLDING.c.id.label("sanction_id"),
    bindparam("to", type_=_HOLDS_IN.thread_id.type).label("thread_id"),
    bindparam("by", type_=_HOLDS_IN.move_id.type).label("move_id"),
    true().label("holds"),
).where(_HOLDING.c.id.is_not(None))  # so that SQLite knows ON CONFLICT from a join
_ALSO_IN = (
    select(_HOLDS_IN.sanction_id, _HOLDS_IN.thread_id)
    .where(_HOLDS_IN.sanction_id.in_(bindparam("ids", expanding=True)), _HOLDS_IN.holds)
    .distinct()
    .order_by(_HOLDS_IN.sanction_id, _HOLDS_IN.thread_id)
)


def extend(session: Session, thread_id: int, other_id: int, move_id: int) -> None:
    """Let what holds in a thread hold in another one, too, where texts have gone from there."""
    move = {"of": thread_id, "to": other_id, "by": move_id}
    add_missing(session, SanctionedThread, _EXTENDED, move)


def turn(session: Session, move_id: int, thread_id: int, *, is_there: bool) -> None:
    """Let what a move has extended hold in a thread where its texts are, or else elsewhere."""
    of_thread = SanctionedThread.thread_id == thread_id
    turned = update(SanctionedThread).where(SanctionedThread.move_id == move_id)
    turned = turned.values(holds=of_thread if is_there else ~of_thread)
    session.execute(turned.execution_options(synchronize_session=False))


def also_in(session: Session, sanction_ids: Collection[int]) -> dict[int, list[int]]:
    """The threads in which sanctions hold besides the one they are of, by the sanction."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows(session, _ALSO_IN, ids=list(sanction_ids)):
        found[row.sanction_id].append(row.thread_id)
    return found
