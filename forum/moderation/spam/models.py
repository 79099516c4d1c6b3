"""Tables of the check of spam."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.work import Due, index_of_due

WAITING, HAM, SPAM, UNKNOWN = "waiting", "ham", "spam", "unknown"
"""What the service has said of a text, or that it has said nothing it could be asked for."""


class SpamCheck(Due, Model):
    """A text that a service is asked about, or is told about what people have decided (`tell`).

    `held_at` is since when the text waits for the answer: held anew, it waits for somebody else.
    `sender` is the address and program of its writer, sealed, kept for the service for `KEPT_FOR`.
    """

    __tablename__ = "spam_checks"
    __table_args__ = (
        CheckConstraint("(thread_id IS NULL) <> (reply_id IS NULL)", name="one_target"),
        index_of_due(),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), unique=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), unique=True)
    held_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    tell: Mapped[str | None] = mapped_column(String(16))
    sender: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(index=True)
