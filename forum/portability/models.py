"""Tables of leaving."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.work import Due, index_of_due

KEEP, REMOVE = "keep", "remove"
CONTENTS = (KEEP, REMOVE)
"""What becomes of the words of who leaves."""


class Erasure(Due, Model):
    """A member has left, and what takes long is still to be done while the row is due."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("content IN ('keep', 'remove')", name="content"),
        index_of_due(),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    content: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
