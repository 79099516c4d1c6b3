"""Reading policies, and which of them is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.config import Settings, settings_of
from forum.core.db import table_of
from forum.core.pages import rows
from forum.moderation.premoderation.models import COMMUNITY, Policy, StoredPolicy, post_target
from forum.posts import queries as posts

CONFIGURATION = "configuration"
SOURCES = ("post", COMMUNITY, CONFIGURATION)
"""Where a policy may come from; the first that has one decides."""

_NAMES = tuple(field.name for field in fields(Policy))
_ALL = select(*table_of(StoredPolicy).c)

Policies = Mapping[str, Policy]
"""What admins have set, by target."""


@dataclass(frozen=True)
class PolicyInForce:
    """A policy, and which of `SOURCES` it comes from."""

    policy: Policy
    source: str


def stored(session: Session) -> Policies:
    """All policies that admins have set."""
    return {
        row.target: Policy(**{name: getattr(row, name) for name in _NAMES})
        for row in rows(session, _ALL)
    }


def configured(settings: Settings) -> Policy:
    """What holds where admins have set nothing."""
    return Policy(
        everybody=settings.hold_everybody,
        guests=settings.hold_guests,
        unconfirmed=settings.hold_unconfirmed,
        first_texts=settings.hold_first_texts,
        with_links=settings.hold_links,
        younger_than_days=settings.hold_younger_than_days,
        trusted_after=settings.trusted_after,
    )


def in_force(policies: Policies, settings: Settings, post_id: int | None) -> PolicyInForce:
    """The policy below a post or, without one, that of the community."""
    for source, target in (("post", post_target(post_id or 0)), (COMMUNITY, COMMUNITY)):
        if target in policies:
            return PolicyInForce(policies[target], source)
    return PolicyInForce(configured(settings), CONFIGURATION)


def of_community(session: Session) -> PolicyInForce:
    """What holds wherever a post has no policy of its own."""
    return in_force(stored(session), settings_of(session), None)


def of_post(session: Session, slug: str) -> PolicyInForce:
    """What holds below a post; raises `PostNotFound`."""
    post_id = posts.post_by_slug(session, slug).id
    return in_force(stored(session), settings_of(session), post_id)
