"""What a moderator says about an item."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.moderation.acting import Group
from forum.moderation.queue.targets import Target


class Also(Protocol):
    """Something to do besides, in the same group of the audit log."""

    def do(
        self, session: Session, actor: Viewer | None, group: Group, target: Target | None
    ) -> None: ...


@dataclass(frozen=True)
class Verdict:
    """What is to be done, by who has seen a revision of the text and the evidence up to a number.

    `claim_seq` is that of their claim; None decides without one what nobody else has. `path` is
    where a reply is put by pinning it.
    """

    action: str
    evidence_seq: int
    revision: str | None = None
    claim_seq: int | None = None
    reason: str | None = None
    path: str | None = None
    also: tuple[Also, ...] = ()

    @property
    def spoken_reason(self) -> str:
        """What people are told."""
        return self.reason or "A moderator decided so."
