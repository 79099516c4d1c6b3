"""What happens to paths."""

from dataclasses import dataclass

from forum.replies.events import ReplyEvent


@dataclass(frozen=True)
class PathDeclared(ReplyEvent):
    path: str | None


@dataclass(frozen=True)
class BallotCast(ReplyEvent):
    member_id: int
    path: str | None


@dataclass(frozen=True)
class PathPinned(ReplyEvent):
    moderator_id: int
    path: str | None


@dataclass(frozen=True)
class PinLifted(ReplyEvent):
    moderator_id: int


@dataclass(frozen=True)
class PathChanged(ReplyEvent):
    """The effective path of a reply became another one."""

    before: str | None
    after: str | None
    source: str
