"""Tables of posts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model


class Post(Model):
    """A career-advice article; its numbers count the visible threads and replies below it."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint("thread_count >= 0 AND reply_count >= 0", name="counts"),
        CheckConstraint(
            "technical_halves >= 0 AND management_halves >= 0 AND bridge_authors >= 0",
            name="balance",
        ),
        Index("ix_posts_new", "visible", "created_at", "id"),
        Index("ix_posts_active", "visible", "active_at", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(String(300))
    author_name: Mapped[str | None] = mapped_column(String(120))
    summary: Mapped[str | None] = mapped_column(String(2000))
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    visible: Mapped[bool] = mapped_column(Computed("deleted_at IS NULL", persisted=True))

    thread_count: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    last_activity_at: Mapped[datetime | None]
    active_at: Mapped[datetime] = mapped_column(
        Computed("coalesce(last_activity_at, created_at)", persisted=True)
    )
    technical_halves: Mapped[int] = mapped_column(default=0)
    management_halves: Mapped[int] = mapped_column(default=0)
    bridge_authors: Mapped[int] = mapped_column(default=0)


class PostAddress(Model):
    """A page that a post is known under: its canonical URL or an alias."""

    __tablename__ = "post_addresses"

    key: Mapped[str] = mapped_column(String(2000), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
