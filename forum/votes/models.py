"""Tables of votes: at most one per member and thing, held by the primary key."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model


class _Vote:
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    value: Mapped[int] = mapped_column(SmallInteger)
    voted_at: Mapped[datetime]


class ThreadVote(_Vote, Model):
    """The vote of a member on a thread."""

    __tablename__ = "thread_votes"
    __table_args__ = (
        CheckConstraint("value IN (-1, 1)", name="value"),
        Index("ix_thread_votes_member_id", "member_id", "thread_id"),
    )

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)


class ReplyVote(_Vote, Model):
    """The vote of a member on a reply."""

    __tablename__ = "reply_votes"
    __table_args__ = (
        CheckConstraint("value IN (-1, 1)", name="value"),
        Index("ix_reply_votes_member_id", "member_id", "reply_id"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), primary_key=True)
