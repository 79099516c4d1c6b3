"""What moderators decided about one's texts and about oneself: groups of the audit log."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from forum.accounts.models import SANCTIONS
from forum.config import settings_of
from forum.core.audit import LoggedEntry
from forum.core.db import table_of
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.moderation.errors import DecisionNotFound
from forum.moderation.events import MERGE, MOVE, SPLIT
from forum.moderation.log.queries import UNDO, target_of
from forum.moderation.models import Appeal

ACTIONS = (
    *("reply.remove", SPLIT, "reply.lock", "reply.pin-path"),
    *("thread.remove", MOVE, MERGE, "thread.lock"),
    *(f"sanction.{kind}" for kind in SANCTIONS),
)
"""What is decided about somebody; what waits in the queue still has to be decided."""


@dataclass(frozen=True)
class Decision:
    """What one moderator did to one member at once, the first entry of it, and what came of it."""

    first: Record
    entries: Sequence[Record]
    is_undone: bool
    appeal: Record | None
    appealable_until: datetime

    @property
    def id(self) -> int:
        """That of the group."""
        group_id: int = self.first.group_id
        return group_id

    @property
    def reason(self) -> str | None:
        reason: str | None = self.first.private.get("reason")
        return reason


def of_member(
    session: Session, member_id: int, after: Position | None, limit: int
) -> Page[Decision]:
    """Decisions about a member, newest first."""
    page = _OF_MEMBER.page(session, after, limit, of_member=member_id)
    return Page(_decisions(session, member_id, page.items), page.next)


def decision(session: Session, member_id: int, group_id: int) -> Decision:
    """One decision about a member; raises `DecisionNotFound`."""
    found = rows(session, _ONE, of_member=member_id, of_group=group_id)
    if not found:
        raise DecisionNotFound
    return _decisions(session, member_id, found)[0]


def group_of(session: Session, target: str) -> int | None:
    """The group in which something was last decided about a target, such as `sanction:7`."""
    found = rows(session, _ABOUT, of_target=target)
    return found[0].group_id if found else None


def _decisions(session: Session, member_id: int, firsts: Sequence[Record]) -> list[Decision]:
    groups = [first.group_id for first in firsts]
    entries = defaultdict(list)
    for entry in rows(session, _ENTRIES, of_member=member_id, groups=groups):
        entries[entry.group_id].append(entry)
    appeals = {
        appeal.group_id: appeal
        for appeal in rows(session, _APPEALS, of_member=member_id, groups=groups)
    }
    undone, window = _undone(session, groups), timedelta(days=settings_of(session).appeal_days)
    return [
        Decision(
            first,
            entries[first.group_id],
            first.group_id in undone,
            appeals.get(first.group_id),
            first.at + window,
        )
        for first in firsts
    ]


def _undone(session: Session, groups: Collection[int]) -> set[int]:
    """Those of some groups that were undone, by what was not undone in turn."""
    if not groups:
        return set()
    by = {target_of(group_id): group_id for group_id in groups}
    undoing = {row.group_id: by[row.target] for row in rows(session, _UNDOING, targets=list(by))}
    kept = undoing.keys() - _undone(session, undoing.keys())
    return {undoing[group_id] for group_id in kept}


_LOG = table_of(LoggedEntry)
_ENTRY, _EARLIER = _LOG.c, _LOG.alias("earlier")
_MINE = (_ENTRY.member_id == bindparam("of_member"), _ENTRY.action.in_(ACTIONS))
_IS_FIRST = ~exists().where(
    _EARLIER.c.group_id == _ENTRY.group_id,
    _EARLIER.c.id < _ENTRY.id,
    _EARLIER.c.member_id == _ENTRY.member_id,
    _EARLIER.c.action.in_(ACTIONS),
)
_DECIDED = select(*_ENTRY).where(_ENTRY.action.in_(ACTIONS), _ENTRY.actor_id.is_not(None))
_FIRSTS = _DECIDED.where(_IS_FIRST)
_OF_MEMBER = Keyset(_FIRSTS, Order((_ENTRY.id,)), Within(_ENTRY.member_id, bindparam("of_member")))
_ONE = _FIRSTS.where(*_MINE, _ENTRY.group_id == bindparam("of_group"))
_ENTRIES = _DECIDED.where(
    *_MINE, _ENTRY.group_id.in_(bindparam("groups", expanding=True))
).order_by(_ENTRY.id)
_ABOUT = _DECIDED.where(_ENTRY.target == bindparam("of_target")).order_by(_ENTRY.id.desc()).limit(1)
_UNDOING = select(_ENTRY.group_id, _ENTRY.target).where(
    _ENTRY.target.in_(bindparam("targets", expanding=True)), _ENTRY.action == UNDO
)
_APPEAL = table_of(Appeal).c
_APPEALS = select(*_APPEAL).where(
    _APPEAL.member_id == bindparam("of_member"),
    _APPEAL.group_id.in_(bindparam("groups", expanding=True)),
)
