"""Tables of disputes about paths."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.work import Due, index_of_due


class Dispute(Due, Model):
    """A reply whose path is or was in dispute: since when it is contested, if it is.

    Its work is to look again when that has lasted too long.
    """

    __tablename__ = "disputes"
    __table_args__ = (index_of_due(),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    contested_since: Mapped[datetime | None]


class Flip(Model):
    """One time that the path of a reply became another one, by the event that told of it."""

    __tablename__ = "path_flips"
    __table_args__ = (Index(None, "reply_id", "flipped_at"),)

    event_id: Mapped[int] = mapped_column(Identifier, primary_key=True, autoincrement=False)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    flipped_at: Mapped[datetime]
