"""Whether the audit log is what was once written: every hash is computed again, in order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.core.audit import (
    BEGINNING,
    Head,
    Link,
    LoggedEntry,
    digest_of_private,
    hash_of,
    public_part,
)
from forum.core.db import table_of
from forum.core.pages import Record, rows

BATCH = 1000

CHANGED = "changed"
MISSING = "missing"
MISPLACED = "misplaced"
INSERTED = "inserted"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where it is noticed first: `position` in the chain, and the entry's id.

    `changed`: it is not what was hashed. `missing`: nothing stands there. `misplaced`: it did not
    follow what stands before it. `inserted`: it never came into the chain, or stands
    behind its end.
    """

    kind: str
    position: int | None
    entry_id: int | None


@dataclass(frozen=True)
class Verified:
    """How far the chain was followed, its hash there, and what is wrong, if anything is."""

    position: int
    hash: str
    complete: bool
    fault: Fault | None = None


class _End(NamedTuple):
    """Where the chain is said to end."""

    position: int
    hash: str


def verify(
    session: Session,
    after: int = 0,
    most: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Verified:
    """Follow the chain after a position, for `most` entries or to its end, up to the first fault.

    Others may append meanwhile. `progress` is told how many entries each step has verified.
    """
    ends = _end(session)
    position, previous = after, _hash_at(session, after)
    if previous is None:
        return Verified(after, BEGINNING, False, Fault(MISSING, after, None))
    last = None if most is None else after + most
    while batch := rows(session, _CHAIN, after=position, most=_next(position, last)):
        for link in batch:
            fault = _fault(link, position + 1, previous) or _fault_at_head(link, ends)
            if fault:
                return Verified(position, previous, False, fault)
            position, previous = link.position, link.hash
        progress(len(batch))
    if position == last:
        return Verified(position, previous, False)
    fault = _fault_behind(session, position, ends)
    return Verified(position, previous, fault is None, fault)


def _next(position: int, last: int | None) -> int:
    return BATCH if last is None else min(BATCH, last - position)


def _hash_at(session: Session, position: int) -> str | None:
    if position == 0:
        return BEGINNING
    found = rows(session, _HASH_AT, at=position)
    return found[0].hash if found else None


def _fault(link: Record, position: int, previous: str) -> Fault | None:
    """What is wrong with a link, which is to stand at `position` and follow `previous`."""
    if link.position != position:
        return Fault(MISSING, position, None)
    own = hash_of(public_part(link, link.position, link.previous_hash))
    told = digest_of_private(
        salt=link.salt, actor_id=link.actor_id, member_id=link.member_id, private=link.private
    )
    if own != link.hash or told != link.private_digest:
        return Fault(CHANGED, position, link.id)
    if link.previous_hash != previous:
        return Fault(MISPLACED, position, link.id)
    return None


def _fault_at_head(link: Record, ends: _End) -> Fault | None:
    """What is wrong with the last link that there was at the beginning."""
    is_other = link.position == ends.position and link.hash != ends.hash
    return Fault(MISPLACED, link.position, link.id) if is_other else None


def _fault_behind(session: Session, position: int, ends: _End) -> Fault | None:
    """What is wrong behind the last link, which stands at `position`."""
    inserted = rows(session, _UNCHAINED)
    if inserted:
        return Fault(INSERTED, None, inserted[0].id)
    if position < ends.position:
        return Fault(MISSING, position + 1, None)
    return Fault(INSERTED, position, None) if position > _end(session).position else None


def _end(session: Session) -> _End:
    found = rows(session, _HEAD)
    return _End(found[0].position, found[0].hash) if found else _End(0, BEGINNING)


_LINK = table_of(Link).c
_ENTRY = table_of(LoggedEntry).c
_ENDS = table_of(Head).c
_CHAIN = (
    select(_LINK.position, _LINK.previous_hash, _LINK.hash, *_ENTRY)
    .join_from(table_of(Link), table_of(LoggedEntry), _LINK.entry_id == _ENTRY.id)
    .where(_LINK.position > bindparam("after"))
    .order_by(_LINK.position)
    .limit(bindparam("most"))
)
_HASH_AT = select(_LINK.hash).where(_LINK.position == bindparam("at"))
_UNCHAINED = (
    select(_ENTRY.id)
    .outerjoin_from(table_of(LoggedEntry), table_of(Link), _LINK.entry_id == _ENTRY.id)
    .where(_LINK.position.is_(None))
    .order_by(_ENTRY.id)
    .limit(1)
)
_HEAD = select(_ENDS.position, _ENDS.hash)
