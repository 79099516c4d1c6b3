"""What deciding about an item does besides: registered by who brings items of that kind."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.pages import Record
from forum.moderation.acting import Group
from forum.moderation.queue.verdicts import Verdict

Settle = Callable[[Session, Group, Viewer | None, Record, Verdict], None]
"""Given the item; what it changes belongs to the group of the decision."""

_settling: dict[str, Settle] = {}


def settles(kind: str) -> Callable[[Settle], Settle]:
    """Let a function follow every decision about an item of a kind."""

    def register(settle: Settle) -> Settle:
        _settling[kind] = settle
        return settle

    return register


def settle(
    session: Session, group: Group, actor: Viewer | None, item: Record, verdict: Verdict
) -> None:
    """Do what follows from a decision."""
    if item.kind in _settling:
        _settling[item.kind](session, group, actor, item, verdict)
