"""What an item is about, locked so that it can be acted on, and acting on it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.pages import Record
from forum.moderation.acting import Group
from forum.moderation.facets import Facet
from forum.moderation.queue import snapshots
from forum.moderation.text_facets import (
    NOT_HELD,
    NOT_REMOVED,
    REPLY_HELD,
    REPLY_PATH_PIN,
    REPLY_REMOVED,
    THREAD_HELD,
    THREAD_LOCKED,
    THREAD_REMOVED,
    held,
    moment,
    removed,
)
from forum.replies import commands as replies
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.models import Thread


@dataclass(frozen=True)
class Target:
    """A locked thread or reply."""

    kind: str
    text: Reply | Thread

    @property
    def thread_id(self) -> int:
        return self.text.thread_id if isinstance(self.text, Reply) else self.text.id

    @property
    def reply_id(self) -> int | None:
        return self.text.id if isinstance(self.text, Reply) else None

    @property
    def name(self) -> str:
        """What the audit log calls it."""
        return f"{self.kind}:{self.text.id}"

    @property
    def author_id(self) -> int:
        return self.text.author_id

    @property
    def is_held(self) -> bool:
        """Whether it is hidden until somebody decides, and by nothing else."""
        text = self.text
        return bool(text.held_at and not (text.removed_at or text.deleted_at or text.purged_at))

    @property
    def revision(self) -> str:
        """Which wording it has now."""
        return snapshots.revision_of(self._title, self.text.body)

    @property
    def said(self) -> dict[str, str | None]:
        """What it says now, for who has seen something else."""
        words = {"body": self.text.body, "body_html": self.text.body_html}
        return {"revision": self.revision, "title": self._title, **words}

    @property
    def _title(self) -> str | None:
        return None if isinstance(self.text, Reply) else self.text.title

    def approve(self, group: Group) -> bool:
        """Take back what moderators have hidden it by; gives whether there was anything."""
        was_held, was_removed = self.text.held_at, self.text.removed_at
        if was_removed:
            group.change(self._removal, self.text.id, NOT_REMOVED, f"{self.kind}.approve")
        if was_held:
            group.change(self._hold, self.text.id, NOT_HELD, f"{self.kind}.approve")
        return bool(was_held or was_removed)

    def remove(self, group: Group, reason: str) -> None:
        """Take it away, unless it is removed already."""
        if self.text.removed_at is None:
            values = removed(reason, clock.now())
            group.change(self._removal, self.text.id, values, f"{self.kind}.remove")

    def hold(self, group: Group) -> None:
        """Hide it until somebody decides, unless it is held already."""
        if self.text.held_at is None:
            group.change(self._hold, self.text.id, held(clock.now()), f"{self.kind}.hold")

    def lock(self, group: Group, reason: str) -> None:
        """Let nobody answer in its thread any more."""
        locked = {"locked_at": moment(clock.now()), "locked_reason": reason}
        group.change(THREAD_LOCKED, self.thread_id, locked, "thread.lock")

    def pin(self, group: Group, path: str | None, reason: str) -> None:
        """Settle the path of a reply."""
        pin = {"pinned_at": moment(clock.now()), "pinned_path": path, "pinned_reason": reason}
        group.change(REPLY_PATH_PIN, self.text.id, pin, "reply.pin-path")

    @property
    def _removal(self) -> Facet:
        return REPLY_REMOVED if self.reply_id else THREAD_REMOVED

    @property
    def _hold(self) -> Facet:
        return REPLY_HELD if self.reply_id else THREAD_HELD


def locked(session: Session, item: Record) -> Target | None:
    """The text that an item is about, and its thread, locked; None where it is about a member."""
    if item.reply_id is not None:
        return Target("reply", replies.lock_hidden_too(session, item.reply_id))
    if item.thread_id is not None:
        return Target("thread", threads.lock_hidden_too(session, item.thread_id))
    return None
