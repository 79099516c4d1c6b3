"""Tables of notifications: who is told, what they chose, whom they do not hear, what they heard."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.indexes import partial_index
from forum.core.work import Due, index_of_due

ALL, PARTICIPATING, NONE = "all", "participating", "none"
LEVELS = (ALL, PARTICIPATING, NONE)
"""Everything new; what is new below one's own words; nothing."""

NOW, DAILY, WEEKLY, NEVER = "now", "daily", "weekly", "never"
CADENCES = (NOW, DAILY, WEEKLY, NEVER)

REPLY, MENTION, FOLLOWED = "reply", "mention", "followed"
PATH, REMOVED, WEBHOOK = "path", "removed", "webhook"
APPROVED, HELD, LOCKED, PINNED, MESSAGE = "approved", "held", "locked", "pinned", "message"
MOVED, SPLIT, MERGED = "moved", "split", "merged"
REPORT = "report"
SANCTIONED, SANCTION_LIFTED, APPEAL = "sanctioned", "sanction-lifted", "appeal"
KINDS = (
    *(REPLY, MENTION, FOLLOWED, PATH, REMOVED, WEBHOOK),
    *(APPROVED, HELD, LOCKED, PINNED, MESSAGE, MOVED, SPLIT, MERGED, REPORT),
    *(SANCTIONED, SANCTION_LIFTED, APPEAL),
)
"""Somebody answered one, named one, wrote where one follows; one's words changed path, went.

One's webhook was disabled. A moderator has decided about one's words, or about one's report of
others', has something to say about them, or has put them elsewhere. A sanction was imposed on one,
or lifted; one's appeal was decided.
"""

NO_ID_TWICE = {"sqlite_autoincrement": True}
"""Mails and links in them tell of rows by ids, which others must not get when these are gone."""


class Subscriber(Due, Model):
    """Who is told: a member, or an address that has confirmed it wants to be.

    The row is due when there may be something to mail to them.
    """

    __tablename__ = "subscribers"
    __table_args__ = (
        CheckConstraint("(member_id IS NULL) <> (email_key IS NULL)", name="one_of_two"),
        index_of_due(),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    digested_at: Mapped[datetime | None]


class Subscription(Model):
    """What a subscriber chose for a target, which `forum.notifications.targets` names."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("level IN ('all', 'participating', 'none')", name="level"),
        CheckConstraint("mail IN ('now', 'daily', 'weekly', 'never')", name="mail"),
        Index("ix_subscriptions_target", "target", "level", "subscriber_id"),
    )

    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    mail: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]


class Mute(Model):
    """A member does not want to hear another."""

    __tablename__ = "mutes"
    __table_args__ = (CheckConstraint("member_id <> muted_id", name="another"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    muted_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)
    created_at: Mapped[datetime]


def _of_subscriber(name: str, condition: str) -> Index:
    """Finds those of a subscriber's notifications that something is left to do about, in order."""
    return partial_index(f"ix_notifications_{name}", "subscriber_id", "id", where=condition)


def _about(name: str, column: str, condition: str) -> Index:
    """Finds whether a subscriber has been told of a text."""
    return partial_index(f"ix_notifications_{name}", column, "subscriber_id", where=condition)


class Notification(Model):
    """That a subscriber is told of an event, at most once.

    `detail` is the reason of what ended, or the new path. `mail` is how the subscriber is still to
    be mailed about it. The event is not a foreign key, for events may be forgotten before it.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber_id"),
        Index("ix_notifications_newest", "subscriber_id", "id"),
        _of_subscriber("unread", "read_at IS NULL"),
        _of_subscriber("to_mail", "mail IS NOT NULL"),
        _about("reply", "reply_id", "reply_id IS NOT NULL"),
        _about("thread", "thread_id", "reply_id IS NULL"),
        NO_ID_TWICE,
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id"))
    kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    detail: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail: Mapped[str | None] = mapped_column(String(8))
