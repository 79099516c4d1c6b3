"""Changing policies, which admins do. Each change is logged, and holds for the very next text."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import audit
from forum.core.db import execute, table_of
from forum.core.errors import Forbidden
from forum.core.many import store
from forum.moderation import acting, watched
from forum.moderation.premoderation.models import COMMUNITY, Policy, StoredPolicy, post_target
from forum.posts import queries as posts


def set_for_community(session: Session, actor: Viewer, policy: Policy, reason: str | None) -> None:
    """Say whose texts wait, wherever a post says nothing else."""
    _set(session, actor, COMMUNITY, policy, reason)


def set_for_post(
    session: Session, actor: Viewer, slug: str, policy: Policy, reason: str | None
) -> None:
    """Say whose texts wait below a post; raises `PostNotFound`."""
    _set(session, actor, post_target(posts.post_by_slug(session, slug).id), policy, reason)


def reset_for_community(session: Session, actor: Viewer) -> None:
    """Let the configuration decide again."""
    _reset(session, actor, COMMUNITY)


def reset_for_post(session: Session, actor: Viewer, slug: str) -> None:
    """Let a post have no policy of its own; raises `PostNotFound`."""
    _reset(session, actor, post_target(posts.post_by_slug(session, slug).id))


def _set(session: Session, actor: Viewer, target: str, policy: Policy, reason: str | None) -> None:
    _require_admin(actor)
    store(session, StoredPolicy, {"target": target, **vars(policy)})
    watched.turn(session)
    acting.begin(session, actor, reason).log("policy.set", target, public=vars(policy))


def _reset(session: Session, actor: Viewer, target: str) -> None:
    _require_admin(actor)
    policies = table_of(StoredPolicy)
    found = execute(session, delete(policies).where(policies.c.target == target))
    if not found.rowcount:
        audit.append_nothing(session)
        return
    watched.turn(session)
    acting.begin(session, actor).log("policy.reset", target)


def _require_admin(actor: Viewer) -> None:
    if not actor.is_admin:
        raise Forbidden
