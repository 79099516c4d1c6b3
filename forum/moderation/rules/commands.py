"""Changing watch rules, which moderators do. Each change is logged, and holds for the next text."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock
from forum.core.errors import Forbidden
from forum.moderation import acting, policy, watched
from forum.moderation.rules.errors import RuleNotFound, UnusableRule
from forum.moderation.rules.matching import ready
from forum.moderation.rules.models import EVERYBODY, MASK, MASKABLE, NEEDS, WatchRule
from forum.posts import queries as posts

MEASURES = ("value", "number", "minutes")


@dataclass(frozen=True)
class NewRule:
    """What to watch for; `WatchRule` says what its parts mean. `post` is the slug of one."""

    kind: str
    action: str
    value: str | None = None
    number: int | None = None
    minutes: int | None = None
    audience: str = EVERYBODY
    post: str | None = None


def add_rule(session: Session, actor: Viewer, data: NewRule) -> WatchRule:
    """Watch for something more; raises `UnusableRule` or `PostNotFound`."""
    _require_moderator(actor)
    rule = WatchRule(created_at=clock.now())
    _describe(session, rule, data)
    session.add(rule)
    session.flush()
    _log(session, actor, "rule.add", rule)
    return rule


def change_rule(session: Session, actor: Viewer, rule_id: int, data: NewRule) -> WatchRule:
    """Let a rule be another one; raises `RuleNotFound`, `UnusableRule` or `PostNotFound`."""
    rule = _lock(session, actor, rule_id)
    before = told(rule)
    _describe(session, rule, data)
    session.flush()
    _log(session, actor, "rule.change", rule, before=before)
    return rule


def remove_rule(session: Session, actor: Viewer, rule_id: int) -> None:
    """Watch for it no more; raises `RuleNotFound`."""
    rule = _lock(session, actor, rule_id)
    session.delete(rule)
    session.flush()
    _log(session, actor, "rule.remove", rule)


def target_of(rule: WatchRule) -> str:
    """What the audit log calls a rule."""
    return f"rule:{rule.id}"


def told(rule: WatchRule) -> dict[str, Any]:
    """What a rule says, in plain values."""
    return {
        name: getattr(rule, name) for name in ("kind", "action", *MEASURES, "audience", "post_id")
    }


def _describe(session: Session, rule: WatchRule, data: NewRule) -> None:
    _refuse_unfit(data)
    for name in ("kind", "action", *MEASURES, "audience"):
        setattr(rule, name, getattr(data, name))
    rule.post_id = posts.post_by_slug(session, data.post).id if data.post is not None else None
    rule.changed_at = clock.now()
    ready(rule)


def _refuse_unfit(data: NewRule) -> None:
    for name in MEASURES:
        if (getattr(data, name) is not None) != (name in NEEDS[data.kind]):
            wanted = "is needed" if name in NEEDS[data.kind] else "means nothing"
            raise UnusableRule(f"This {wanted} for the kind {data.kind}.", pointer=f"/{name}")
    if data.action == MASK and data.kind not in MASKABLE:
        raise UnusableRule("Only words, phrases and patterns are masked.", pointer="/action")


def _lock(session: Session, actor: Viewer, rule_id: int) -> WatchRule:
    _require_moderator(actor)
    locked = select(WatchRule).where(WatchRule.id == rule_id).with_for_update(key_share=True)
    rule = session.scalar(locked.execution_options(populate_existing=True))
    if rule is None:
        raise RuleNotFound
    return rule


def _log(
    session: Session, actor: Viewer, action: str, rule: WatchRule, **private: dict[str, Any]
) -> None:
    """What a rule says is for moderators: who knew it could write around it."""
    watched.turn(session)
    group = acting.begin(session, actor)
    group.log(action, target_of(rule), private={"rule": told(rule), **private})


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
