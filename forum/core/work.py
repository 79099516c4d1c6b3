"""Work that rows of the database stand for: reactions to an event, a mail to send, a call to make.

The row is the guarantee, whatever carries the work out. While its `due_at` has passed it waits. A
claim moves `due_at` on by a lease, so that what is lost on its way to a worker is found again; the
work ends by setting it to a later time or to nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, Select, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.db import Model, db, execute, reading_first, table_of
from forum.core.indexes import partial_index

LEASE = timedelta(seconds=60)
LEAST_LEFT = timedelta(seconds=30)
"""Of its lease, for work to begin; the work takes less, or it may be done twice at once."""

Work = Callable[[int], None]
WorkOnMany = Callable[[Sequence[int]], None]


class Due:
    """Columns of a table whose rows each stand for work in the outside world."""

    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Kind:
    """Rows of one table and what does their work: for so many at a time, so often at once."""

    table: type[Model]
    do: WorkOnMany
    together: int
    at_once: int


@dataclass(frozen=True)
class Claim:
    """Rows that are leased until a moment, which tells this lease from any later one."""

    table: str
    ids: tuple[int, ...]
    until: datetime


_kinds: dict[str, Kind] = {}


def does(table: type[Model], *, at_once: int = 16) -> Callable[[Work], Work]:
    """Let a function do the work that a row of `table` stands for, given its id.

    It runs in the worker, in an application context and outside a transaction, in at most
    `at_once` threads of a process, and ends within `LEAST_LEFT`. It reads in a transaction that is
    over before it speaks to anybody (`reading_first`), and writes what came of it in another.
    """

    def register(work: Work) -> Work:
        _kinds[table.__tablename__] = Kind(table, lambda ids: work(ids[0]), 1, at_once)
        return work

    return register


def does_together(
    table: type[Model], *, most: int, at_once: int = 1
) -> Callable[[WorkOnMany], WorkOnMany]:
    """Let a function do the work of up to `most` rows of `table` in one go, given their ids."""

    def register(work: WorkOnMany) -> WorkOnMany:
        _kinds[table.__tablename__] = Kind(table, work, most, at_once)
        return work

    return register


def index_of_due() -> Index:
    """The index by which a table's due rows are found."""
    return partial_index(None, "due_at", where="due_at IS NOT NULL")


def kind_of(claimed: Claim) -> Kind:
    """What kind of work was claimed."""
    return _kinds[claimed.table]


def waiting_kinds(session: Session) -> list[Kind]:
    """The kinds of which at least one row is due."""
    now = clock.now()
    asked = [_due(kind, now).exists() for kind in _kinds.values()]
    answers = session.execute(select(*asked)).one()
    return [kind for kind, is_due in zip(_kinds.values(), answers, strict=True) if is_due]


def claim(session: Session, kind: Kind, calls: int) -> list[Claim]:
    """Lease what is due for so many calls, the longest due first; in a transaction that writes."""
    now = clock.now()
    columns = table_of(kind.table).c
    waiting = _due(kind, now).order_by(columns.due_at).limit(calls * kind.together)
    taken = waiting.with_for_update(skip_locked=True).cte("taken")
    lease = update(table_of(kind.table)).where(columns.id.in_(select(taken.c.id)))
    leased = execute(session, lease.values(due_at=now + LEASE).returning(columns.id))
    ids = sorted(leased.scalars())
    parts = [ids[at : at + kind.together] for at in range(0, len(ids), kind.together)]
    return [Claim(kind.table.__tablename__, tuple(part), now + LEASE) for part in parts]


def carry_out(claimed: Claim) -> None:
    """Do the work of a claim, unless it came too late for it."""
    kind = kind_of(claimed)
    with reading_first():
        ids = _still_claimed(db.session(), kind, claimed)
    if ids:
        kind.do(ids)


def _due(kind: Kind, now: datetime) -> Select[tuple[int]]:
    columns = table_of(kind.table).c
    return select(columns.id).where(columns.due_at <= now)


def _still_claimed(session: Session, kind: Kind, claimed: Claim) -> Sequence[int]:
    """The rows that nobody else has claimed meanwhile, nor finished."""
    if claimed.until - clock.now() < LEAST_LEFT:
        return []
    columns = table_of(kind.table).c
    mine = select(columns.id).where(columns.id.in_(claimed.ids), columns.due_at == claimed.until)
    return session.scalars(mine.order_by(columns.id)).all()
