"""Who asks: what every query and command is told about the person behind a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.accounts.grants import MODERATE
from forum.accounts.models import (
    ADMIN,
    GUEST,
    HOLD_ALL,
    MEMBER,
    MODERATOR,
    MUTE,
    SLOW,
    THREAD,
    WARN,
    WRITING,
    Member,
)


@dataclass(frozen=True)
class SanctionInForce:
    """What somebody may not do for now; without `until`, for good."""

    id: int
    kind: str
    scope: str
    thread_id: int | None
    minutes: int | None
    reason: str
    rule: str | None
    message: str | None
    until: datetime | None

    def concerns(self, scope: str, thread_id: int | None) -> bool:
        """Whether it is about doing something, in a thread if it is done in one."""
        if self.scope == THREAD:
            return scope == WRITING and thread_id == self.thread_id
        return scope == self.scope


@dataclass(frozen=True)
class Viewer:
    """A signed-in member, or a passer-by when `member_id` is None."""

    member_id: int | None = None
    role: str = "anonymous"
    email_confirmed: bool = False
    sign_in_id: int | None = None
    sanctions: tuple[SanctionInForce, ...] = ()
    scopes: frozenset[str] | None = None
    """What the personal access token is for; None for who is signed in, and may do everything."""
    only: str | None = None
    """The one text that a guest's token is for, such as `reply:7`."""

    earlier: tuple[int, ...] = ()
    """Of a guest: guests who wrote from the same network address, and may be the same person."""

    lacks_second_factor: bool = False
    """Whether the powers of staff wait for a second factor, where that is asked of staff."""

    def has_scope(self, scope: str) -> bool:
        """Whether what they asked with is for this."""
        return self.scopes is None or scope in self.scopes

    def wrote(self, text: str, author_id: int) -> bool:
        """Whether a text such as `reply:7`, which is that of `author_id`, is theirs."""
        return self.member_id == author_id and self.only in {None, text}

    @property
    def is_guest(self) -> bool:
        return self.role == GUEST

    @property
    def is_member(self) -> bool:
        return self.role in {MEMBER, MODERATOR, ADMIN}

    @property
    def is_moderator(self) -> bool:
        may_act = self.has_scope(MODERATE) and not self.lacks_second_factor
        return self.role in {MODERATOR, ADMIN} and may_act

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN and not self.lacks_second_factor

    def barred_from(self, scope: str, thread_id: int | None = None) -> SanctionInForce | None:
        """The sanction that keeps them from it: a mute, or a warning that they have not seen."""
        return self._sanctioned((MUTE, WARN), scope, thread_id)

    def held_by(self, thread_id: int | None = None) -> SanctionInForce | None:
        """The sanction that lets what they write wait for a moderator."""
        return self._sanctioned((HOLD_ALL,), WRITING, thread_id)

    def slowed_by(self, thread_id: int | None = None) -> SanctionInForce | None:
        """The sanction that lets them write one text in so many minutes; the slowest."""
        found = [s for s in self.sanctions if s.kind == SLOW and s.concerns(WRITING, thread_id)]
        return max(found, key=lambda sanction: sanction.minutes or 0, default=None)

    def _sanctioned(
        self, kinds: Sequence[str], scope: str, thread_id: int | None
    ) -> SanctionInForce | None:
        concerned = (s for s in self.sanctions if s.kind in kinds)
        return next((s for s in concerned if s.concerns(scope, thread_id)), None)

    @property
    def id(self) -> int:
        """The member's id; only asked where somebody is signed in."""
        if self.member_id is None:
            raise TypeError("a passer-by has no id")
        return self.member_id

    @property
    def ids(self) -> list[int]:
        """Their id, and those under which they may have written before."""
        return [self.id, *self.earlier]


PASSER_BY = Viewer()


def caller_name(member_id: int) -> str:
    """What a member is called where callers are told apart, with an account or without."""
    return f"member:{member_id}"


def viewer_of(member: Member, sign_in_id: int | None = None) -> Viewer:
    """The viewer that `member` is."""
    return Viewer(member.id, member.role, member.email_confirmed_at is not None, sign_in_id)
