"""Reading the audit log: as moderators do, with names and reasons, and as everybody may."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.core.audit import Link, LoggedEntry
from forum.core.db import table_of
from forum.core.errors import Forbidden
from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.moderation import policy

UNDO = "group.undo"
"""What the log calls it that a group was undone; its target is `group:7`."""


@dataclass(frozen=True)
class Filter:
    """Which entries are asked for; names are usernames."""

    actor: str | None = None
    member: str | None = None
    target: str | None = None
    action: str | None = None
    group: int | None = None


def entries(
    session: Session, viewer: Viewer, which: Filter, after: Position | None, limit: int
) -> Page[Record]:
    """Entries, newest first; raises `MemberNotFound`."""
    if not policy.may_moderate(viewer):
        raise Forbidden
    values = _values(session, which)
    return _list(frozenset(values)).page(session, after, limit, **values)


def public_entries(session: Session, after: Position | None, limit: int) -> Page[Record]:
    """What everybody may read of the entries, the last in the chain first."""
    return _public().page(session, after, limit)


def of_group(session: Session, group_id: int) -> list[Record]:
    """The entries of a group, newest first."""
    return rows(session, _OF_GROUP, of_group=group_id)


def since(session: Session, entry_id: int, targets: set[str]) -> list[Record]:
    """What happened to some targets after an entry, newest first; at most a hundred entries."""
    return rows(session, _SINCE, entry=entry_id, targets=sorted(targets))


def undone_by(session: Session, group_id: int) -> int | None:
    """The group that has undone a group, and that was not undone itself."""
    found = rows(session, _UNDONE, of_target=target_of(group_id))
    if not found:
        return None
    undoing: int = found[0].group_id
    return undoing if undone_by(session, undoing) is None else None


def staying(session: Session, group_id: int) -> list[dict[str, str]]:
    """What a group has not set back in undoing another, as something else came of it meanwhile."""
    undoing = (entry for entry in of_group(session, group_id) if entry.action == UNDO)
    return [each for entry in undoing for each in entry.private.get("stays", ())]


def target_of(group_id: int) -> str:
    """What the log calls a group."""
    return f"group:{group_id}"


_LOG = table_of(LoggedEntry)
_ENTRY = _LOG.c
_LINK = table_of(Link).c
_ACTOR = aliased(Member.__table__, name="actor")
_CONCERNED = aliased(Member.__table__, name="concerned")
_COLUMNS = {
    "actor": _ENTRY.actor_id,
    "member": _ENTRY.member_id,
    "target": _ENTRY.target,
    "action": _ENTRY.action,
    "group": _ENTRY.group_id,
}
_ENTRIES = (
    select(
        *_ENTRY,
        _LINK.hash,
        *(
            table.c[name].label(f"{role}_{name}")
            for role, table in (("actor", _ACTOR), ("concerned", _CONCERNED))
            for name in ("username", "display_name", "role")
        ),
    )
    .select_from(_LOG)
    .join(Link.__table__, _LINK.entry_id == _ENTRY.id)
    .outerjoin(_ACTOR, _ACTOR.c.id == _ENTRY.actor_id)
    .outerjoin(_CONCERNED, _CONCERNED.c.id == _ENTRY.member_id)
)
_OF_GROUP = (
    select(*_ENTRY).where(_ENTRY.group_id == bindparam("of_group")).order_by(_ENTRY.id.desc())
)
_SINCE = (
    select(_ENTRY.id, _ENTRY.group_id, _ENTRY.at, _ENTRY.action, _ENTRY.target)
    .where(_ENTRY.target.in_(bindparam("targets", expanding=True)), _ENTRY.id > bindparam("entry"))
    .order_by(_ENTRY.id.desc())
    .limit(100)
)
_UNDONE = (
    select(_ENTRY.group_id)
    .where(_ENTRY.target == bindparam("of_target"), _ENTRY.action == UNDO)
    .order_by(_ENTRY.id.desc())
    .limit(1)
)


@cache
def _list(filters: frozenset[str]) -> Keyset:
    found: Select[Any] = _ENTRIES
    for name in sorted(filters):
        found = found.where(_COLUMNS[name.removeprefix("of_")] == bindparam(name))
    return Keyset(found, Order((_ENTRY.id,)))


@cache
def _public() -> Keyset:
    found = select(*_ENTRY, _LINK.position, _LINK.previous_hash, _LINK.hash)
    found = found.join_from(table_of(Link), _LOG, _LINK.entry_id == _ENTRY.id)
    return Keyset(found, Order((_LINK.position,)))


def _values(session: Session, which: Filter) -> dict[str, Any]:
    """What is bound, by the names of the filters that are given."""
    asked = {f"of_{name}": value for name, value in vars(which).items() if value is not None}
    for name in {"of_actor", "of_member"} & asked.keys():
        asked[name] = accounts.member_by_username(session, asked[name]).id
    return asked
