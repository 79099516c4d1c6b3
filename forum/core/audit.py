"""The audit log: what was done by whom, written in the transaction that did it, and hash-chained.

Rows are added and never changed or removed. An entry can be read as soon as it is appended; its
place in the chain it gets last of all, when the transaction is committed: so nobody waits for the
head of the chain while they hold it, and chains cannot form circles of those who wait.

The hash of an entry covers the one before it, its public part, and a salted digest of its private
part. So what everybody may read verifies without what only moderators may.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import JSON, ForeignKey, String, bindparam, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from forum.core import clock
from forum.core.db import AppSession, Identifier, Model, execute, table_of
from forum.core.elements import NextId
from forum.core.many import insert_missing
from forum.core.pages import Record, rows

Json = Mapping[str, Any]

BEGINNING = "0" * 64
"""What the first hash of the chain covers as the one before it."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done.

    `target` is a kind and an id, `reply:7`. `actor_id` is None for the system, `member_id` whom it
    concerns. `group_id` joins what was done at once; None begins a group.
    """

    action: str
    target: str
    actor_id: int | None = None
    member_id: int | None = None
    group_id: int | None = None
    public: Json = field(default_factory=dict)
    private: Json = field(default_factory=dict)


class LoggedEntry(Model):
    """An entry; a group has the id of its first."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    group_id: Mapped[int] = mapped_column(Identifier, index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    member_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    action: Mapped[str] = mapped_column(String(64), index=True)
    target: Mapped[str] = mapped_column(String(64), index=True)
    public: Mapped[dict[str, Any]] = mapped_column(JSON)
    private: Mapped[dict[str, Any]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    private_digest: Mapped[str] = mapped_column(String(64))


class Link(Model):
    """The place of an entry in the chain."""

    __tablename__ = "audit_chain"

    position: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Head(Model):
    """The one row that says where the chain ends, so that what is cut off there is missed."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    position: Mapped[int] = mapped_column(Identifier)
    hash: Mapped[str] = mapped_column(String(64))


def append(session: Session, entry: Entry) -> int:
    """Write `entry` with the transaction of `session`; gives its id."""
    (number,) = rows(session, _NEXT_ID)
    private = {**entry.private}
    row: dict[str, Any] = {
        "id": number.id,
        "group_id": entry.group_id or number.id,
        "at": clock.now(),
        "actor_id": entry.actor_id,
        "member_id": entry.member_id,
        "action": entry.action,
        "target": entry.target,
        "public": {**entry.public},
        "private": private,
        "salt": secrets.token_hex(16),
    }
    row["private_digest"] = digest_of_private(**{name: row[name] for name in _PRIVATE})
    execute(session, insert(_ENTRIES), row)
    _pending(session).entry_ids.add(number.id)
    return int(number.id)


def append_nothing(session: Session) -> None:
    """Say that this transaction changes nothing that would have to be logged."""
    _pending(session).changes_nothing = True


def is_settled(session: Session) -> bool:
    """Whether this transaction has logged what it does, or said that it changes nothing."""
    pending = _pending(session)
    return bool(pending.entry_ids) or pending.changes_nothing


def digest_of_private(
    *, salt: str, actor_id: int | None, member_id: int | None, private: Json
) -> str:
    """SHA-256, hexadecimal, over the salt and the canonical JSON of what only moderators read."""
    told = {"actor_id": actor_id, "member_id": member_id, "private": private}
    return hashlib.sha256(salt.encode() + _canonical(told)).hexdigest()


def public_part(entry: Record, position: int, previous_hash: str) -> dict[str, Any]:
    """What everybody may read of an entry, and what its hash covers."""
    return {
        "position": position,
        "id": entry.id,
        "group": entry.group_id,
        "at": entry.at,
        "action": entry.action,
        "target": entry.target,
        "public": entry.public,
        "private_digest": entry.private_digest,
        "previous_hash": previous_hash,
    }


def hash_of(part: Json) -> str:
    """SHA-256, hexadecimal, over the canonical JSON of a public part: sorted, without spaces."""
    return hashlib.sha256(_canonical(part)).hexdigest()


@event.listens_for(AppSession, "before_commit")
def _chain(session: Session) -> None:
    """Give what was appended its places in the chain, one transaction at a time."""
    if session.in_nested_transaction() or not _pending(session).entry_ids:
        return
    head = _locked_head(session)
    links, position, previous = [], head.position, head.hash
    for entry in rows(session, _WAITING, ids=sorted(_pending(session).entry_ids)):
        position += 1
        link = {"position": position, "entry_id": entry.id, "previous_hash": previous}
        previous = hash_of(public_part(entry, position, previous))
        links.append({**link, "hash": previous})
    if links:
        session.connection().execute(insert(table_of(Link)), links)
        execute(session, _MOVE_HEAD, {"new_position": position, "new_hash": previous})
    del session.info[_KEY]


def _locked_head(session: Session) -> Record:
    found = rows(session, _HEAD)
    if not found:  # nothing was ever appended, by nobody who is done
        first = {"id": 1, "position": 0, "hash": BEGINNING}
        execute(session, insert_missing(session, Head), first)
        found = rows(session, _HEAD)
    return found[0]


_KEY = "audit"
_PRIVATE = ("salt", "actor_id", "member_id", "private")
_ENTRIES = table_of(LoggedEntry)
_HEAD_ROW = table_of(Head)
_NEXT_ID = select(NextId(_ENTRIES).label("id"))
_HEAD = select(_HEAD_ROW.c.position, _HEAD_ROW.c.hash).with_for_update()
_WAITING = (
    select(*_ENTRIES.c)
    .where(_ENTRIES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_ENTRIES.c.id)
)
_MOVE_HEAD = update(_HEAD_ROW).values(
    position=bindparam("new_position"), hash=bindparam("new_hash")
)


@dataclass
class _Pending:
    """What a transaction has appended, that included which a savepoint has undone."""

    transaction: SessionTransaction | None
    entry_ids: set[int] = field(default_factory=set)
    changes_nothing: bool = False


def _pending(session: Session) -> _Pending:
    transaction = session.get_transaction()
    known: _Pending | None = session.info.get(_KEY)
    if known is None or known.transaction is not transaction:
        known = session.info[_KEY] = _Pending(transaction)
    return known


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
