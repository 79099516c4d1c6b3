"""Who is told of what: subscribers, what they chose, whom they mute, what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_subscribers()
    create_subscriptions()
    create_mutes()
    create_notifications()


def downgrade() -> None:
    op.drop_table("notifications")
    op.drop_table("mutes")
    op.drop_table("subscriptions")
    op.drop_table("subscribers")


def create_subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("digested_at", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(member_id IS NULL) <> (email_key IS NULL)", name=op.f("ck_subscribers_one_of_two")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_subscribers_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("email_key", name=op.f("uq_subscribers_email_key")),
        sa.UniqueConstraint("member_id", name=op.f("uq_subscribers_member_id")),
        sqlite_autoincrement=True,
    )
    create_partial_index("ix_subscribers_due_at", "subscribers", ["due_at"], "due_at IS NOT NULL")


def create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscriber_id", IDENTIFIER, nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("mail", sa.String(length=8), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "level IN ('all', 'participating', 'none')", name=op.f("ck_subscriptions_level")
        ),
        sa.CheckConstraint(
            "mail IN ('now', 'daily', 'weekly', 'never')", name=op.f("ck_subscriptions_mail")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_subscriptions_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "target", name=op.f("pk_subscriptions")),
    )
    op.create_index(
        "ix_subscriptions_target",
        "subscriptions",
        ["target", "level", "subscriber_id"],
        unique=False,
    )


def create_mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("muted_id", IDENTIFIER, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("member_id <> muted_id", name=op.f("ck_mutes_another")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_mutes_member_id")),
        sa.ForeignKeyConstraint(["muted_id"], ["members.id"], name=op.f("fk_mutes_muted_id")),
        sa.PrimaryKeyConstraint("member_id", "muted_id", name=op.f("pk_mutes")),
    )
    op.create_index(op.f("ix_mutes_muted_id"), "mutes", ["muted_id"], unique=False)


def create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("subscriber_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", IDENTIFIER, nullable=True),
        sa.Column("thread_id", IDENTIFIER, nullable=True),
        sa.Column("reply_id", IDENTIFIER, nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("mail", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["members.id"], name=op.f("fk_notifications_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["replies.id"], name=op.f("fk_notifications_reply_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_notifications_subscriber_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_notifications_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "event_id", "subscriber_id", name=op.f("uq_notifications_event_id_subscriber_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notifications_newest", "notifications", ["subscriber_id", "id"])
    for name, columns, condition in (
        ("unread", ["subscriber_id", "id"], "read_at IS NULL"),
        ("to_mail", ["subscriber_id", "id"], "mail IS NOT NULL"),
        ("reply", ["reply_id", "subscriber_id"], "reply_id IS NOT NULL"),
        ("thread", ["thread_id", "subscriber_id"], "reply_id IS NULL"),
    ):
        create_partial_index(f"ix_notifications_{name}", "notifications", columns, condition)


def create_partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        op.f(name), table, columns, unique=False, sqlite_where=where, postgresql_where=where
    )
