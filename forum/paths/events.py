"""What happens to paths."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class PathDeclared(Event):
    reply_id: int
    path: str | None


@dataclass(frozen=True)
class BallotCast(Event):
    reply_id: int
    member_id: int
    path: str | None


@dataclass(frozen=True)
class PathPinned(Event):
    reply_id: int
    moderator_id: int
    path: str | None


@dataclass(frozen=True)
class PinLifted(Event):
    reply_id: int
    moderator_id: int


@dataclass(frozen=True)
class PathChanged(Event):
    """The effective path of a reply became another one."""

    reply_id: int
    before: str | None
    after: str | None
    source: str
