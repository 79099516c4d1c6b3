"""What is looked at before it is published, what waits, and paths that nobody agrees on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)

TEXTS = ("threads", "replies")
KINDS = ("word", "phrase", "pattern", "domain", "links", "speed", "duplicate")
ACTIONS = ("block", "hold", "flag", "mask")
AUDIENCES = ("everybody", "guests", "newcomers")


def upgrade() -> None:
    waits = sa.text("held_at IS NOT NULL")
    for table in TEXTS:
        op.create_index(
            f"ix_{table}_held_of_author",
            table,
            ["author_id", "held_at", "id"],
            sqlite_where=waits,
            postgresql_where=waits,
        )
    op.create_table(
        "versions",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_versions")),
    )
    create_policies()
    create_rules()
    create_spam_checks()
    create_disputes()


def create_policies() -> None:
    op.create_table(
        "premoderation_policies",
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("guests", sa.Boolean(), nullable=False),
        sa.Column("first_texts", sa.Integer(), nullable=False),
        sa.Column("with_links", sa.Boolean(), nullable=False),
        sa.Column("younger_than_days", sa.Integer(), nullable=False),
        sa.Column("trusted_after", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_premoderation_policies")),
        sa.CheckConstraint(
            "first_texts >= 0 AND younger_than_days >= 0 AND trusted_after >= 0",
            name=op.f("ck_premoderation_policies_numbers"),
        ),
    )


def known(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """One of some words."""
    listed = ", ".join(map(repr, values))
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_watch_rules_{column}"))


def create_rules() -> None:
    op.create_table(
        "watch_rules",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("post_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_rules")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_watch_rules_post_id")),
        known("kind", KINDS),
        known("action", ACTIONS),
        known("audience", AUDIENCES),
        sa.CheckConstraint("number >= 1 AND minutes >= 1", name=op.f("ck_watch_rules_numbers")),
    )


def create_spam_checks() -> None:
    op.create_table(
        "spam_checks",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", IDENTIFIER, nullable=True),
        sa.Column("reply_id", IDENTIFIER, nullable=True),
        sa.Column("held_at", TIME, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tell", sa.String(length=16), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spam_checks")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_spam_checks_thread_id")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_spam_checks_reply_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_spam_checks_thread_id")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_spam_checks_reply_id")),
        sa.CheckConstraint(
            "(thread_id IS NULL) <> (reply_id IS NULL)",
            name=op.f("ck_spam_checks_one_target"),
        ),
    )
    create_index_of_due("spam_checks")
    op.create_index(op.f("ix_spam_checks_asked_at"), "spam_checks", ["asked_at"])


def create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("contested_since", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_disputes_reply_id")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_disputes_reply_id")),
    )
    create_index_of_due("disputes")
    op.create_table(
        "path_flips",
        sa.Column("event_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("flipped_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_path_flips")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_path_flips_reply_id")),
    )
    op.create_index(
        op.f("ix_path_flips_reply_id_flipped_at"), "path_flips", ["reply_id", "flipped_at"]
    )


def create_index_of_due(table: str) -> None:
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index(
        op.f(f"ix_{table}_due_at"),
        table,
        ["due_at"],
        sqlite_where=is_due,
        postgresql_where=is_due,
    )


def downgrade() -> None:
    for table in (
        *("path_flips", "disputes", "spam_checks", "watch_rules"),
        *("premoderation_policies", "versions"),
    ):
        op.drop_table(table)
    for table in TEXTS:
        op.drop_index(f"ix_{table}_held_of_author", table)
