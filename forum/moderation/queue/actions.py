"""What moderators do about what an item is about."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from forum.core.pages import Record
from forum.moderation.acting import Group
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import HELD
from forum.moderation.queue.policy import APPROVE, HOLD, LOCK, PIN, REMOVE
from forum.moderation.queue.targets import Target
from forum.moderation.queue.verdicts import Verdict

Act = Callable[[Session, Group, Record, Target, Verdict], bool]


def act(
    session: Session, group: Group, item: Record, target: Target | None, verdict: Verdict
) -> bool:
    """Do what the verdict says; gives whether the author has to be told of it."""
    if target is None or verdict.action not in _ACTS:
        return False
    return _ACTS[verdict.action](session, group, item, target, verdict)


def _approve(_session: Session, group: Group, _: Record, target: Target, _v: Verdict) -> bool:
    return target.approve(group)


def _remove(_session: Session, group: Group, _: Record, target: Target, v: Verdict) -> bool:
    """The event of a removal tells the author already."""
    target.remove(group, v.spoken_reason)
    return False


def _hold(session: Session, group: Group, item: Record, target: Target, v: Verdict) -> bool:
    """Somebody still has to decide: another item waits for that."""
    target.hold(group)
    why = {"held_by": "moderator", "reason": v.reason, "item": item.id}
    raise_item(session, Concern(HELD, target.thread_id, target.reply_id, item.weight, why))
    return True


def _lock(_session: Session, group: Group, _: Record, target: Target, v: Verdict) -> bool:
    target.lock(group, v.spoken_reason)
    return True


def _pin(_session: Session, group: Group, _: Record, target: Target, v: Verdict) -> bool:
    target.pin(group, v.path, v.spoken_reason)
    return True


_ACTS: dict[str, Act] = {
    APPROVE: _approve,
    REMOVE: _remove,
    HOLD: _hold,
    LOCK: _lock,
    PIN: _pin,
}
