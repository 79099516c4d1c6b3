"""Tables of acting on many texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model

REPLIES, THREADS = "replies", "threads"
TEXTS = (REPLIES, THREADS)

REMOVE, RESTORE, APPROVE, LOCK = "remove", "restore", "approve", "lock"
ACTIONS = (REMOVE, RESTORE, APPROVE, LOCK)

CHANGED, UNCHANGED = "changed", "unchanged"
"""What becomes of an item, if it is not refused; a refusal stands there by its code."""


class Bulk(Model):
    """What is to be done to texts of one kind that a moderator has looked for."""

    __tablename__ = "bulks"
    __table_args__ = (
        CheckConstraint("texts IN ('replies', 'threads')", name="texts"),
        CheckConstraint("action IN ('remove', 'restore', 'approve', 'lock')", name="action"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    texts: Mapped[str] = mapped_column(String(8))
    action: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(500))
    filter: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class BulkItem(Model):
    """One of the texts: what was foreseen when they were frozen, and what came of it.

    `group_id` is that of the audit log, in which it was changed.
    """

    __tablename__ = "bulk_items"

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulks.id"), primary_key=True)
    text_id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    foreseen: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str | None] = mapped_column(String(32))
    group_id: Mapped[int | None] = mapped_column(Identifier)
