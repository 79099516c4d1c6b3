"""Tables of paths: ballots, at most one per member and reply, and every pin there ever was."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model


class Ballot(Model):
    """What a member says the path of somebody else's reply is."""

    __tablename__ = "ballots"
    __table_args__ = (
        CheckConstraint("path IN ('technical-path', 'management-path', 'neither')", name="path"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    path: Mapped[str] = mapped_column(String(16))
    cast_at: Mapped[datetime]


class Pin(Model):
    """A moderator's decision on the path of a reply; active until it is lifted."""

    __tablename__ = "pins"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    path: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(500))
    pinned_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
