"""Tables of accounts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model

MEMBER = "member"
MODERATOR = "moderator"
ADMIN = "admin"
ROLES = (MEMBER, MODERATOR, ADMIN)
"""Each role includes the ones before it."""

REPLIES_TO_ME = "replies"
PRIVATE_FEEDS = (REPLIES_TO_ME,)
"""The feeds that one member alone may read."""


class Member(Model):
    """A person with an account. An erased member keeps the row, and nothing personal in it."""

    __tablename__ = "members"
    __table_args__ = (CheckConstraint("role IN ('member', 'moderator', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    username: Mapped[str | None] = mapped_column(String(32))
    username_skeleton: Mapped[str | None] = mapped_column(String(128), unique=True)
    display_name: Mapped[str | None] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16), default=MEMBER)
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    technical_standing: Mapped[int] = mapped_column(default=0)
    management_standing: Mapped[int] = mapped_column(default=0)


class FeedToken(Model):
    """What a feed reader, which cannot sign in, shows for one private feed of a member.

    Only a hash of the token is kept.
    """

    __tablename__ = "feed_tokens"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    feed: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class SignIn(Model):
    """One session of a member: a family of refresh tokens of which only the newest is good."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    refresh_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
