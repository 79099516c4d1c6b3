"""Undoing a group of the audit log: every facet that it changed is set back to what it was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.db import one_at_a_time
from forum.core.errors import Conflict, Forbidden
from forum.core.pages import Record
from forum.moderation import acting, policy
from forum.moderation.acting import Group
from forum.moderation.errors import AlreadyUndone, GroupNotFound, NothingToUndo, Overtaken
from forum.moderation.facets import Facet, Values, facet_named
from forum.moderation.log import queries
from forum.replies.locks import lock_threads


def undo(session: Session, actor: Viewer, group_id: int, reason: str | None) -> Group:
    """Set everything back that a group has changed, or nothing; gives the group that does so.

    Raises `GroupNotFound`, `NothingToUndo`, `AlreadyUndone`, `Overtaken`, or what the commands
    behind the facets raise.
    """
    undoing = acting.begin(session, actor, reason)
    changes = _changes(session, actor, group_id)
    undoing.log(queries.UNDO, queries.target_of(group_id))
    for change in changes:
        if _state(session, change) != change.private["after"]:
            raise Overtaken(since=_since(session, changes))
        _set_back(undoing, change)
    return undoing


def undo_what_stands(
    session: Session, undoing: Group, actor: Viewer, group_id: int, but: Facet
) -> None:
    """Set back, as part of another group, what nobody has changed since; `but` one facet.

    The log tells what stays (`queries.staying`). Raises `GroupNotFound`, `NothingToUndo`,
    `AlreadyUndone`, or where the actor may not set something back, `Forbidden`.
    """
    changes = _changes(session, actor, group_id, but.name)
    stays = [change for change in changes if not _try_to_set_back(session, undoing, change)]
    told = [{"target": change.target, "facet": change.private["facet"]} for change in stays]
    undoing.log(queries.UNDO, queries.target_of(group_id), private={"stays": told})


def _changes(
    session: Session, actor: Viewer, group_id: int, left: str | None = None
) -> list[Record]:
    """What is to be set back, with the threads that it is about locked."""
    if not policy.may_moderate(actor):
        raise Forbidden
    entries = queries.of_group(session, group_id)
    changes = [entry for entry in entries if entry.private.get("facet", left) != left]
    _lock_threads(session, changes)
    one_at_a_time(session, f"undoing {group_id}")
    _refuse(session, group_id, entries, changes)
    return changes


def _lock_threads(session: Session, changes: Sequence[Record]) -> None:
    """All at first, in everybody's order, for facets lock one after the other."""
    ids: dict[str, list[int]] = {"reply": [], "thread": []}
    for change in changes:
        kind, number = _target(change)
        ids.setdefault(kind, []).append(number)
        forms = (change.private[when].get("moved_to_id") for when in ("before", "after"))
        ids["thread"] += [thread_id for thread_id in forms if thread_id is not None]
    lock_threads(session, ids["reply"], ids["thread"])


def _refuse(
    session: Session, group_id: int, entries: Sequence[Record], changes: Sequence[Record]
) -> None:
    if not entries:
        raise GroupNotFound
    if not changes:
        raise NothingToUndo
    undone_by = queries.undone_by(session, group_id)
    if undone_by is not None:
        raise AlreadyUndone(group=undone_by)


def _try_to_set_back(session: Session, undoing: Group, change: Record) -> bool:
    """Set a change back unless something else came of it; whether all is as it was before."""
    state = _state(session, change)
    if state != change.private["after"]:
        return bool(state == change.private["before"])
    try:
        with session.begin_nested():
            _set_back(undoing, change)
    except Conflict:
        return False
    return True


def _state(session: Session, change: Record) -> Values:
    _, number = _target(change)
    return facet_named(change.private["facet"]).read(session, number)


def _set_back(undoing: Group, change: Record) -> None:
    kind, number = _target(change)
    facet, before = facet_named(change.private["facet"]), change.private["before"]
    undoing.change(facet, number, before, f"{kind}.undo", {"undoes": change.id})


def _target(change: Record) -> tuple[str, int]:
    kind, _, number = change.target.partition(":")
    return kind, int(number)


def _since(session: Session, changes: Sequence[Record]) -> list[dict[str, Any]]:
    """What happened to the same targets since, as a problem tells it."""
    found = queries.since(session, changes[0].id, {change.target for change in changes})
    names = {"id": "id", "group": "group_id", "at": "at", "action": "action", "target": "target"}
    return [{name: getattr(row, column) for name, column in names.items()} for row in found]
