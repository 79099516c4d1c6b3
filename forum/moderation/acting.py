"""Acting as a moderator: what is done at once is one group of the audit log, and can be undone."""

from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import audit
from forum.core.audit import Entry
from forum.moderation.facets import Facet, Values

BY_SYSTEM = "system"


class Group:
    """What one actor does in one transaction, for one reason."""

    def __init__(
        self, session: Session, actor: Viewer | None, reason: str | None, public: Values
    ) -> None:
        self._session, self._actor, self.reason = session, actor, reason
        self._public = {"by": actor.role if actor else BY_SYSTEM, **public}
        self._id: int | None = None

    @property
    def id(self) -> int:
        """The id of the group; asked once something `has_acted`."""
        if self._id is None:
            raise RuntimeError("Nothing is logged in this group yet.")
        return self._id

    @property
    def has_acted(self) -> bool:
        """Whether anything is logged."""
        return self._id is not None

    def change(
        self,
        facet: Facet,
        target_id: int,
        after: Values,
        action: str | None = None,
        public: Values | None = None,
    ) -> Values:
        """Set a facet, and log what it was and what it is; gives what it was.

        `action` is what the log calls it, the facet's name unless told.
        """
        before = facet.read(self._session, target_id)
        facet.write(self._session, self._actor, target_id, after)
        self.log_change(facet, target_id, before, after, action, public)
        return before

    def log_change(
        self,
        facet: Facet,
        target_id: int,
        before: Values,
        after: Values,
        action: str | None = None,
        public: Values | None = None,
    ) -> None:
        """Log a change of a facet that was made by the feature's own command."""
        change = {"facet": facet.name, "before": {**before}, "after": {**after}}
        member_id = facet.owner(self._session, target_id)
        self.log(action or facet.name, facet.target(target_id), public, change, member_id)

    def log(
        self,
        action: str,
        target: str,
        public: Values | None = None,
        private: Values | None = None,
        member_id: int | None = None,
    ) -> int:
        """Log what has no state to be restored; gives the id of the entry."""
        entry = Entry(
            action=action,
            target=target,
            actor_id=self._actor.id if self._actor else None,
            member_id=member_id,
            group_id=self._id,
            public={**self._public, **(public or {})},
            private={**_told(reason=self.reason), **(private or {})},
        )
        entry_id = audit.append(self._session, entry)
        self._id = self._id or entry_id
        return entry_id


def begin(
    session: Session,
    actor: Viewer | None,
    reason: str | None = None,
    public: Values | None = None,
) -> Group:
    """A group of this transaction; `actor` None is the system. Who may is asked by the caller.

    `public` is what everybody may read of each entry.
    """
    return Group(session, actor, reason, public or {})


def put(
    session: Session,
    actor: Viewer | None,
    facet: Facet,
    target_id: int,
    after: Values,
    action: str,
    reason: str | None = None,
) -> None:
    """Set a facet, in a group of its own; where it is so already, nothing changes."""
    if facet.read(session, target_id) == after:
        audit.append_nothing(session)
    else:
        begin(session, actor, reason).change(facet, target_id, after, action)


def _told(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
