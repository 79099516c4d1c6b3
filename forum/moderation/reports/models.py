"""Tables of reports."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model

REASONS = ("spam", "unkind", "off-topic", "illegal", "other")


class Report(Model):
    """What a member complains of; its outcome stands with the evidence that it is in the queue.

    `weight_to_hide` is what it adds to hiding the text: the weight of the evidence, or nothing.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("(thread_id IS NULL) <> (reply_id IS NULL)", name="one_target"),
        UniqueConstraint("thread_id", "reporter_id"),
        UniqueConstraint("reply_id", "reporter_id"),
        Index("ix_reports_of_reporter", "reporter_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    weight_to_hide: Mapped[int]
    created_at: Mapped[datetime]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("review_evidence.id"), unique=True)
