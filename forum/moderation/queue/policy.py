"""What moderators may do about which item. Pure predicates."""

from typing import Any

from forum.moderation.queue.models import APPEAL

APPROVE, REMOVE, DISMISS, HOLD = "approve", "remove", "dismiss", "hold"
LOCK, PIN, REVERSE = "lock", "pin", "reverse"
ACTIONS = (APPROVE, REMOVE, DISMISS, HOLD, LOCK, PIN, REVERSE)

ACTED = frozenset({REMOVE, HOLD, LOCK, PIN, REVERSE})
"""Actions that agree with whoever brought the item; the others see nothing wrong."""


def fits(action: str, item: Any, is_held: bool) -> bool:
    """Whether an action can be taken on what the item is about: a text, held perhaps, or a member.

    What is held must not be left so with nobody to decide it; only replies have a path, and only
    appeals are against something.
    """
    if item.kind == APPEAL:
        return action in {REVERSE, DISMISS}
    if action == DISMISS:
        return not is_held
    if action == PIN:
        return item.reply_id is not None
    return action != REVERSE and item.member_id is None
