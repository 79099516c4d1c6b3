"""Undoing a group of the audit log: every facet that it changed is set back to what it was."""

from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.db import one_at_a_time
from forum.core.errors import Forbidden
from forum.core.pages import Record
from forum.moderation import acting, policy
from forum.moderation.acting import Group
from forum.moderation.errors import AlreadyUndone, GroupNotFound, NothingToUndo, Overtaken
from forum.moderation.facets import Facet, facet_named
from forum.moderation.log import queries


def undo(session: Session, actor: Viewer, group_id: int, reason: str | None) -> Group:
    """Set everything back that a group has changed, or nothing; gives the group that does so.

    Raises `GroupNotFound`, `NothingToUndo`, `AlreadyUndone`, `Overtaken`, or what the commands
    behind the facets raise.
    """
    undoing = acting.begin(session, actor, reason)
    undo_in(session, undoing, actor, group_id)
    return undoing


def undo_in(
    session: Session, undoing: Group, actor: Viewer, group_id: int, but: Facet | None = None
) -> None:
    """The same as part of another group, all but what was done to one facet."""
    if not policy.may_moderate(actor):
        raise Forbidden
    one_at_a_time(session, f"undoing {group_id}")
    entries = queries.of_group(session, group_id)
    left = but.name if but else None
    changes = [entry for entry in entries if entry.private.get("facet", left) != left]
    _refuse(session, group_id, entries, changes)
    undoing.log(queries.UNDO, queries.target_of(group_id))
    for change in changes:
        _set_back(session, undoing, change, changes)


def _refuse(session: Session, group_id: int, entries: list[Record], changes: list[Record]) -> None:
    if not entries:
        raise GroupNotFound
    if not changes:
        raise NothingToUndo
    undone_by = queries.undone_by(session, group_id)
    if undone_by is not None:
        raise AlreadyUndone(group=undone_by)


def _set_back(session: Session, undoing: Group, change: Record, changes: list[Record]) -> None:
    facet = facet_named(change.private["facet"])
    kind, _, number = change.target.partition(":")
    if facet.read(session, int(number)) != change.private["after"]:
        raise Overtaken(since=_since(session, changes))
    before = change.private["before"]
    undoing.change(facet, int(number), before, f"{kind}.undo", {"undoes": change.id})


def _since(session: Session, changes: list[Record]) -> list[dict[str, Any]]:
    """What happened to the same targets since, as a problem tells it."""
    found = queries.since(session, changes[0].id, {change.target for change in changes})
    names = {"id": "id", "group": "group_id", "at": "at", "action": "action", "target": "target"}
    return [{name: getattr(row, column) for name, column in names.items()} for row in found]
