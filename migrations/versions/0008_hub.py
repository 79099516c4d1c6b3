"""Feeds whose hub has to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0003"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hub_pings",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("feed", sa.String(length=200), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_pings")),
        sa.UniqueConstraint("feed", name=op.f("uq_hub_pings_feed")),
    )
    op.create_index(
        op.f("ix_hub_pings_due_at"),
        "hub_pings",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("hub_pings")
