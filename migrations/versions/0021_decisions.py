"""What moderators decided, and what readers reported; items that one moderator leaves to others."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0030"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("review_items", sa.Column("not_for_id", IDENTIFIER, nullable=True))
    create_decisions()
    create_reports()


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_table("decisions")
    op.drop_column("review_items", "not_for_id")


def create_decisions() -> None:
    table = "decisions"
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("item_id", IDENTIFIER, nullable=False),
        sa.Column("group_id", IDENTIFIER, nullable=False),
        sa.Column("moderator_id", IDENTIFIER, nullable=True),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.String(length=16), nullable=True),
        sa.Column("evidence_seq", sa.Integer(), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        refers(table, "item_id", "review_items"),
        refers(table, "moderator_id", "members"),
        refers(table, "author_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("group_id", name=op.f("uq_decisions_group_id")),
    )
    op.create_index(op.f("ix_decisions_item_id"), table, ["item_id"])
    op.create_index("ix_decisions_of_author", table, ["author_id", "id"])
    op.create_index("ix_decisions_decided_at", table, ["decided_at", "id"])


def create_reports() -> None:
    table = "reports"
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("reporter_id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", IDENTIFIER, nullable=True),
        sa.Column("reply_id", IDENTIFIER, nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("evidence_id", IDENTIFIER, nullable=False),
        sa.CheckConstraint(
            "(thread_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_reports_one_target")
        ),
        refers(table, "reporter_id", "members"),
        refers(table, "thread_id", "threads"),
        refers(table, "reply_id", "replies"),
        refers(table, "evidence_id", "review_evidence"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "thread_id", "reporter_id", name=op.f("uq_reports_thread_id_reporter_id")
        ),
        sa.UniqueConstraint(
            "reply_id", "reporter_id", name=op.f("uq_reports_reply_id_reporter_id")
        ),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_reports_evidence_id")),
    )
    op.create_index("ix_reports_of_reporter", table, ["reporter_id", "id"])


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
