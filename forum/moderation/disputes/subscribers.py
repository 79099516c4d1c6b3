"""Follows what happens to paths."""

from typing import cast

from sqlalchemy.orm import Session

from forum.core.outbox import Happened, on
from forum.moderation.disputes import commands
from forum.paths.events import BallotCast, PathChanged, PathDeclared, PathPinned, PinLifted
from forum.replies.events import ReplyEvent

BY_A_PERSON = "moderator"


@on(PathChanged)
def note_flip(session: Session, happened: Happened) -> None:
    """Count how often ballots turn a path."""
    event = cast(PathChanged, happened.event)
    if event.source != BY_A_PERSON:
        commands.note_flip(session, happened.id, event.reply_id, happened.at)


@on(PathChanged, BallotCast, PathDeclared, PathPinned, PinLifted)
def look_at_path(session: Session, happened: Happened) -> None:
    """See whether it is in dispute now."""
    commands.look_at(session, cast(ReplyEvent, happened.event).reply_id, happened.at)
