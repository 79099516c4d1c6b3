"""Tables of threads."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    and_,
    column,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.elements import Derived
from forum.core.indexes import flag, partial_index
from forum.core.lifecycle import VISIBLE_SQL, Lifecycle
from forum.threads.gap import GAPS, gaps


def _listing(name: str, *columns: str) -> Index:
    """An index that serves one sort of the threads below a post."""
    return partial_index(f"ix_threads_{name}", "post_id", *columns, "id", where=flag("listed"))


def _visible(name: str, *columns: str, also: str | None = None) -> Index:
    """An index over what is visible, optionally only where the flag `also` is set."""
    flags = ["visible", *([also] if also else [])]
    return partial_index(f"ix_threads_{name}", *columns, "id", where=and_(*map(flag, flags)))


def _hidden(name: str, *columns: str) -> Index:
    return partial_index(f"ix_threads_{name}", *columns, "id", where=~flag("visible"))


def _since(at: str, name: str, *columns: str) -> Index:
    """An index over what has a time in the column `at`."""
    return partial_index(f"ix_threads_{name}", *columns, "id", where=f"{at} IS NOT NULL")


def _left(gap: str) -> Index:
    """An index over what has left a gap, or has disappeared while it was in it."""
    turned_at = f"{gap}_turned_at"
    return partial_index(
        f"ix_threads_left_{gap}",
        turned_at,
        "id",
        where=and_(column(turned_at).is_not(None), or_(~flag("visible"), ~flag(f"in_{gap}"))),
    )


_GAPS = gaps(column("technical_halves"), column("management_halves"))


class Thread(Lifecycle, Model):
    """A conversation; its numbers count the visible replies in it.

    `technical_gap_entered_at` is when it first lacked the technical path, `technical_gap_turned_at`
    when it last came to lack it, ceased to, or disappeared while it did.

    `moved_to_id` is the reply that has the words of the opening since a moderator merged the thread
    into another one; it is removed as long. `left_post_id` is where it stood before it was moved.
    """

    __tablename__ = "threads"
    __table_args__ = (
        CheckConstraint("up >= 0 AND down >= 0 AND reply_count >= 0", name="counts"),
        CheckConstraint(
            "technical_halves >= 0 AND management_halves >= 0 AND bridge_authors >= 0",
            name="balance",
        ),
        _listing("hot", "pinned", "hot"),
        _listing("best", "best"),
        _listing("top", "score"),
        _listing("new", "created_at"),
        _listing("active", "active_at"),
        _visible("newest", "created_at"),
        _visible("newest_of_author", "author_id", "created_at"),
        _hidden("hidden", "turned_at"),
        _hidden("hidden_of_post", "post_id", "turned_at"),
        _hidden("hidden_of_author", "author_id", "turned_at"),
        _since("held_at", "held_of_author", "author_id", "held_at"),
        _since("left_post_at", "moved_from_post", "left_post_id", "left_post_at"),
        *(_visible(f"newest_in_{gap}", f"{gap}_entered_at", also=f"in_{gap}") for gap in GAPS),
        *map(_left, GAPS),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    title: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    listed: Mapped[bool] = mapped_column(
        Computed(f"({VISIBLE_SQL}) OR reply_count > 0", persisted=True)
    )

    pinned: Mapped[bool] = mapped_column(default=False)
    locked_at: Mapped[datetime | None]
    locked_reason: Mapped[str | None] = mapped_column(String(500))
    slow_seconds: Mapped[int | None]
    moved_to_id: Mapped[int | None] = mapped_column(Identifier)
    left_post_id: Mapped[int | None] = mapped_column(Identifier)
    left_post_at: Mapped[datetime | None]

    up: Mapped[int] = mapped_column(default=0)
    down: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(Computed("up - down", persisted=True))
    best: Mapped[float] = mapped_column(default=0.0)
    hot: Mapped[float]

    reply_count: Mapped[int] = mapped_column(default=0)
    last_reply_at: Mapped[datetime | None]
    active_at: Mapped[datetime] = mapped_column(
        Computed("coalesce(last_reply_at, created_at)", persisted=True)
    )
    technical_halves: Mapped[int] = mapped_column(default=0)
    management_halves: Mapped[int] = mapped_column(default=0)
    bridge_authors: Mapped[int] = mapped_column(default=0)

    in_gap: Mapped[bool] = mapped_column(Derived(_GAPS["gap"]))
    gap_entered_at: Mapped[datetime | None]
    gap_turned_at: Mapped[datetime | None]
    in_technical_gap: Mapped[bool] = mapped_column(Derived(_GAPS["technical_gap"]))
    technical_gap_entered_at: Mapped[datetime | None]
    technical_gap_turned_at: Mapped[datetime | None]
    in_management_gap: Mapped[bool] = mapped_column(Derived(_GAPS["management_gap"]))
    management_gap_entered_at: Mapped[datetime | None]
    management_gap_turned_at: Mapped[datetime | None]

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def place(self) -> tuple[int, int]:
        """The ids by which an event names it: of its post, and its own."""
        return self.post_id, self.id


class ThreadRevision(Model):
    """What a thread said before an edit; kept for moderators, who may have to set it back."""

    __tablename__ = "thread_revisions"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), index=True)
    title: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime]
