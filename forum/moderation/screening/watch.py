"""What texts are looked at for: policies and rules, which every process keeps by their version."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import versions
from forum.core.db import table_of
from forum.core.pages import rows
from forum.moderation.premoderation import queries as premoderation
from forum.moderation.premoderation.queries import Policies
from forum.moderation.rules.matching import Watcher, ready
from forum.moderation.rules.models import WatchRule

MOST_KEPT = 8

_RULES = select(*table_of(WatchRule).c).order_by(table_of(WatchRule).c.id)


@dataclass(frozen=True)
class Watch:
    """The policies that admins have set, and the rules of the moderators."""

    policies: Policies = field(default_factory=dict)
    rules: tuple[Watcher, ...] = ()


_kept: dict[int | None, Watch] = {None: Watch()}


def as_noted(session: Session) -> Watch | None:
    """What is watched for, if its version was read along and is known here; asks nothing."""
    return _kept.get(versions.noted(session, versions.WATCHED))


def at_version(session: Session, version: int | None) -> Watch:
    """What is watched for, as it is since it got this version; None: nothing ever was."""
    found = _kept.get(version)
    if found is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[version] = _read(session) if version is not None else Watch()
    return found


def _read(session: Session) -> Watch:
    rules: list[Any] = rows(session, _RULES)
    return Watch(premoderation.stored(session), tuple(map(ready, rules)))
