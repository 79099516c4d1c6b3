"""Acting on many texts."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0021"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("moderator_id", IDENTIFIER, nullable=False),
        sa.Column("texts", sa.String(length=8), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("texts IN ('replies', 'threads')", name=op.f("ck_bulks_texts")),
        sa.CheckConstraint(
            "action IN ('remove', 'restore', 'approve', 'lock')", name=op.f("ck_bulks_action")
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["members.id"], name=op.f("fk_bulks_moderator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
    )
    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", IDENTIFIER, nullable=False),
        sa.Column("text_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("foreseen", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("group_id", IDENTIFIER, nullable=True),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name=op.f("fk_bulk_items_bulk_id")),
        sa.PrimaryKeyConstraint("bulk_id", "text_id", name=op.f("pk_bulk_items")),
    )


def downgrade() -> None:
    op.drop_table("bulk_items")
    op.drop_table("bulks")
