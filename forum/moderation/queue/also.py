"""What can be done besides deciding about an item."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer
from forum.accounts.sanctions import NewSanction
from forum.core import outbox
from forum.core.errors import Forbidden
from forum.moderation import notes, sanctions
from forum.moderation.acting import Group
from forum.moderation.queue.errors import ActionDoesNotFit
from forum.moderation.queue.events import AuthorAddressed
from forum.moderation.queue.targets import Target


@dataclass(frozen=True)
class LockThread:
    """Let nobody answer in the thread any more."""

    reason: str

    def do(
        self, session: Session, actor: Viewer | None, group: Group, target: Target | None
    ) -> None:
        _text(target).lock(group, self.reason)


@dataclass(frozen=True)
class Impose:
    """Keep the author from something."""

    sanction: NewSanction

    def do(
        self, session: Session, actor: Viewer | None, group: Group, target: Target | None
    ) -> None:
        if actor is None:  # a member is sanctioned by a person
            raise Forbidden
        author = accounts.member_by_id(session, _text(target).author_id)
        sanctions.impose(session, group, actor, author, self.sanction)


@dataclass(frozen=True)
class NoteOnAuthor:
    """Tell other moderators something about the author."""

    text: str

    def do(
        self, session: Session, actor: Viewer | None, group: Group, target: Target | None
    ) -> None:
        if actor is None:  # a note is somebody's
            raise Forbidden
        notes.add(session, group, actor, self.text, member_id=_text(target).author_id)


@dataclass(frozen=True)
class SayToAuthor:
    """Tell the author of the text something that nobody else reads."""

    text: str

    def do(
        self, session: Session, actor: Viewer | None, group: Group, target: Target | None
    ) -> None:
        about, said = _text(target), {"message": self.text}
        group.log("author.message", about.name, private=said, member_id=about.author_id)
        outbox.record(session, AuthorAddressed(about.thread_id, about.reply_id, self.text))


def _text(target: Target | None) -> Target:
    if target is None:
        raise ActionDoesNotFit(pointer="/also")
    return target
