"""Facets: named pieces of state that moderators change, and that can be set back to what they were.

A facet is read and written as JSON values. Writing goes through the command of the feature that
owns the state, so that counters, times and events follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer

Values = Mapping[str, Any]
"""Members of a JSON object: strings, whole numbers, booleans, None; times in ISO 8601."""

Read = Callable[[Session, int], Values]
"""Locks what has the id, and gives the state; raises the feature's `...NotFound`."""
Write = Callable[[Session, Viewer | None, int, Values], None]
"""Sets the state of what has the id, for a moderator or (None) the system."""
Owner = Callable[[Session, int], int | None]


def _nobody(_session: Session, _target_id: int) -> None:
    return None


@dataclass(frozen=True)
class Facet:
    """A piece of state, called `<kind of target>.<what it is>`.

    `owner` gives the member whom a change concerns: whose text it is, who is sanctioned.
    """

    name: str
    read: Read
    write: Write
    owner: Owner = _nobody

    def target(self, target_id: int) -> str:
        """What the audit log calls the target with this id."""
        kind, _, _ = self.name.partition(".")
        return f"{kind}:{target_id}"


_facets: dict[str, Facet] = {}


def register(facet: Facet) -> Facet:
    """Make a facet known by its name, so that changes of it can be undone."""
    _facets[facet.name] = facet
    return facet


def facet_named(name: str) -> Facet:
    """The facet that is registered by this name."""
    return _facets[name]
