"""Tables of moderation that stand for themselves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model

UPHELD, REVERSED = "upheld", "reversed"
OUTCOMES = (UPHELD, REVERSED)
"""Of appeals."""

MAX_APPEAL_LENGTH = 5000
"""Characters."""


class Note(Model):
    """What moderators tell each other about a member or a review item; its versions say it."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (item_id IS NULL)", name="one_of_two"),
        Index("ix_notes_member", "member_id", "id"),
        Index("ix_notes_item", "item_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("review_items.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))


class NoteVersion(Model):
    """What a note said from a moment on; the last version is what it says."""

    __tablename__ = "note_versions"

    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Appeal(Model):
    """A member asks that a decision about them, which is a group of the audit log, be reversed."""

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("outcome IN ('upheld', 'reversed')", name="outcome"),
        UniqueConstraint("group_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    group_id: Mapped[int] = mapped_column(Identifier)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("review_evidence.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    appealed_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(String(500))
    answered_at: Mapped[datetime | None]
