"""Tables of threads."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.lifecycle import VISIBLE_SQL, Lifecycle


def _listing(name: str, *columns: str) -> Index:
    """An index that serves one sort of the threads below a post."""
    return Index(
        f"ix_threads_{name}",
        "post_id",
        *columns,
        "id",
        sqlite_where=text("listed = 1"),
        postgresql_where=text("listed"),
    )


def _visible(name: str, *columns: str) -> Index:
    return Index(
        f"ix_threads_{name}",
        *columns,
        "id",
        sqlite_where=text("visible = 1"),
        postgresql_where=text("visible"),
    )


def _hidden(name: str, *columns: str) -> Index:
    return Index(
        f"ix_threads_{name}",
        *columns,
        "id",
        sqlite_where=text("visible = 0"),
        postgresql_where=text("NOT visible"),
    )


class Thread(Lifecycle, Model):
    """A conversation; its numbers count the visible replies in it."""

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

    @property
    def locked(self) -> bool:
        return self.locked_at is not None
