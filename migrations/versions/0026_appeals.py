"""Appeals."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0029"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("group_id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("evidence_id", IDENTIFIER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("appealed_at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.CheckConstraint("outcome IN ('upheld', 'reversed')", name=op.f("ck_appeals_outcome")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["review_evidence.id"], name=op.f("fk_appeals_evidence_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_appeals_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_appeals_evidence_id")),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_appeals_group_id_member_id")),
    )
    op.create_index(op.f("ix_appeals_member_id"), "appeals", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("appeals")
