"""Tables of accounts."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from forum.accounts.names import skeleton
from forum.core.db import Identifier, Model
from forum.core.indexes import partial_index
from forum.core.prefixes import by_code_point
from forum.core.work import Due, index_of_due

GUEST = "guest"
MEMBER = "member"
MODERATOR = "moderator"
ADMIN = "admin"
ROLES = (MEMBER, MODERATOR, ADMIN)
"""Each role includes the ones before it; a guest, who has no account, has none of them."""
STAFF = (MODERATOR, ADMIN)

NOTE, WARN, SLOW, HOLD_ALL, MUTE, SUSPEND = "note", "warn", "slow", "hold-all", "mute", "suspend"
SANCTIONS = (NOTE, WARN, SLOW, HOLD_ALL, MUTE, SUSPEND)
"""Stays on record; has to be seen first; one text in so many minutes; all texts wait for a
moderator; nothing at all; not even signing in.
"""

WRITING, THREAD, VOTING, BALLOTS, REPORTING = "writing", "thread", "voting", "ballots", "reporting"
SCOPES = (WRITING, THREAD, VOTING, BALLOTS, REPORTING)
"""What a sanction is about: all writing, writing in one thread, or one kind of judgement."""

MAX_SKELETON = 255
"""Names that look alike so far are taken for the same."""

REPLIES_TO_ME = "replies"
QUEUE = "queue"
PRIVATE_FEEDS = (REPLIES_TO_ME, QUEUE)
"""The feeds that one member alone may read; that of the queue as long as they moderate."""


_IS_UNCONFIRMED_GUEST = "username IS NULL AND email IS NOT NULL AND email_confirmed_at IS NULL"


class Member(Model):
    """A person with an account. An erased member keeps the row, and nothing personal in it.

    Only confirmed addresses have an `email_key`, so one account alone can confirm an address, and
    whoever else gives it is told nothing; the others have an `unconfirmed_key`. `new_email` is to
    become the address once it is confirmed.

    A guest has a row as well, without a username: of those who confirm an address, one by its
    `guest_key`. `name_skeleton` is what names that look like the display name have in common.
    """

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("role IN ('guest', 'member', 'moderator', 'admin')", name="role"),
        Index("ix_members_unconfirmed_key", "unconfirmed_key", "id"),
        Index("ix_members_guest_key", "guest_key", unique=True),
        Index("ix_members_role", "role", "id"),
        partial_index(
            "ix_members_unconfirmed_guests", "created_at", "id", where=_IS_UNCONFIRMED_GUEST
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    username: Mapped[str | None] = mapped_column(String(32))
    username_skeleton: Mapped[str | None] = mapped_column(by_code_point(128), unique=True)
    display_name: Mapped[str | None] = mapped_column(String(80))
    name_skeleton: Mapped[str | None] = mapped_column(by_code_point(MAX_SKELETON), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    unconfirmed_key: Mapped[str | None] = mapped_column(String(254))
    guest_key: Mapped[str | None] = mapped_column(String(254))
    new_email: Mapped[str | None] = mapped_column(String(254))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16), default=MEMBER)
    avatar_url: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    two_factor_at: Mapped[datetime | None]
    """Since when signing in takes a second factor."""

    technical_standing: Mapped[int] = mapped_column(default=0)
    management_standing: Mapped[int] = mapped_column(default=0)

    @validates("display_name")
    def _keep_skeleton(self, _: str, name: str | None) -> str | None:
        self.name_skeleton = skeleton(name)[:MAX_SKELETON] if name else None
        return name


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
    user_agent: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class MailedToken(Model):
    """What a mail to an address of a member lets them do once, for a while; only a hash is kept."""

    __tablename__ = "mailed_tokens"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(32))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AskedLetter(Due, Model):
    """Somebody has asked for a letter to an address.

    The worker finds out whose the address is, so that asking is the same work whoever has it.
    """

    __tablename__ = "asked_letters"
    __table_args__ = (index_of_due(),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    letter: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(254))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)


class Sanction(Model):
    """What a member may not do, from a moment on and until another, unless it is lifted.

    Whether it is in force is asked by the clock. A note never is, and a warning until it is seen.
    The thread is no foreign key, for accounts know of no threads.
    """

    __tablename__ = "sanctions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('note', 'warn', 'slow', 'hold-all', 'mute', 'suspend')", name="kind"
        ),
        CheckConstraint(
            "scope IN ('writing', 'thread', 'voting', 'ballots', 'reporting')", name="scope"
        ),
        CheckConstraint("(thread_id IS NULL) = (scope <> 'thread')", name="thread"),
        CheckConstraint("(minutes IS NULL) = (kind <> 'slow')", name="minutes"),
        Index("ix_sanctions_member", "member_id", "id"),
        partial_index("ix_sanctions_not_lifted", "member_id", where="lifted_at IS NULL"),
        partial_index("ix_sanctions_thread", "thread_id", where="thread_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(16))
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    minutes: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(500))
    rule: Mapped[str | None] = mapped_column(String(200))
    message: Mapped[str | None] = mapped_column(String(2000))
    imposed_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    imposed_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]


class SanctionedThread(Model):
    """A thread in which a sanction of another one holds, too, since texts were moved from there.

    `move_id` tells the move from any other; while that is undone, the sanction does not hold there.
    """

    __tablename__ = "sanctioned_threads"

    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanctions.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    move_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)
    holds: Mapped[bool]


class Identity(Model):
    """A member as another site knows them, and lets them sign in.

    Where it opened the account, the profile is what the site tells at each sign-in.
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    opened_account: Mapped[bool]
    created_at: Mapped[datetime]


class SpentToken(Model):
    """What has signed somebody in and must not again, kept for as long as it otherwise would."""

    __tablename__ = "spent_tokens"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    token_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class AccessToken(Model):
    """What a program shows to act for a member, within its scopes; of the token a hash is kept."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class SecondFactor(Model):
    """The secret that a member's codes are made of, sealed; in force when `two_factor_at` says so.

    `last_step` is the time step (RFC 6238) of the last code that was taken.
    """

    __tablename__ = "second_factors"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("members.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int] = mapped_column(Identifier, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]


class RecoveryCode(Model):
    """The hash of a code that stands in for a second factor once, and goes when it is used."""

    __tablename__ = "recovery_codes"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class SeenAddress(Model):
    """From where, as a keyed hash, a member last signed in or a guest wrote; kept for a while."""

    __tablename__ = "seen_addresses"
    __table_args__ = (Index(None, "address_hash", "seen_at", "member_id"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Ban(Model):
    """Keeps people without an account out, by where they come from or by their mail's domain."""

    __tablename__ = "bans"
    __table_args__ = (
        partial_index("ix_bans_email_domain", "email_domain", where="email_domain IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    email_domain: Mapped[str | None] = mapped_column(String(253))
    reason: Mapped[str] = mapped_column(String(500))
    imposed_by: Mapped[int] = mapped_column(ForeignKey("members.id"))
    imposed_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]


class BannedAddress(Model):
    """A network address, as a keyed hash, that a ban is about."""

    __tablename__ = "banned_addresses"

    address_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    ban_id: Mapped[int] = mapped_column(ForeignKey("bans.id"), primary_key=True, index=True)
