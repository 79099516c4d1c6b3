"""What follows what moderators do: sanctions where texts go, figures what is reversed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0038"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JUDGE_AGAIN = """
UPDATE review_evidence SET outcome = :outcome WHERE outcome IS NOT NULL AND EXISTS (
    SELECT 1 FROM decisions JOIN appeals ON appeals.group_id = decisions.group_id
    WHERE appeals.outcome = 'reversed' AND decisions.undone_at IS NULL
    AND decisions.item_id = review_evidence.item_id
    AND decisions.evidence_seq >= review_evidence.seq
    AND decisions.action NOT IN ('approve', 'dismiss')
)
"""
ONE_OF_A_GROUP = """
DELETE FROM decisions WHERE id NOT IN (SELECT min(id) FROM decisions GROUP BY group_id)
"""


def upgrade() -> None:
    op.create_table(
        "sanctioned_threads",
        sa.Column("sanction_id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("move_id", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sanction_id"], ["sanctions.id"], name=op.f("fk_sanctioned_threads_sanction_id")
        ),
        sa.PrimaryKeyConstraint(
            "sanction_id", "thread_id", "move_id", name=op.f("pk_sanctioned_threads")
        ),
    )
    for column in ("thread_id", "move_id"):
        op.create_index(op.f(f"ix_sanctioned_threads_{column}"), "sanctioned_threads", [column])
    op.create_index(
        "ix_sanctions_thread",
        "sanctions",
        ["thread_id"],
        sqlite_where=sa.text("thread_id IS NOT NULL"),
        postgresql_where=sa.text("thread_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_snapshots_taken_at"), "snapshots", ["taken_at"])
    with op.batch_alter_table("decisions") as batch:
        batch.drop_constraint("uq_decisions_group_id", type_="unique")
        batch.create_index(op.f("ix_decisions_group_id"), ["group_id"])
    op.execute(sa.text(JUDGE_AGAIN).bindparams(outcome="dismissed"))


def downgrade() -> None:
    op.execute(sa.text(JUDGE_AGAIN).bindparams(outcome="agreed"))
    op.execute(ONE_OF_A_GROUP)
    with op.batch_alter_table("decisions") as batch:
        batch.drop_index(op.f("ix_decisions_group_id"))
        batch.create_unique_constraint(op.f("uq_decisions_group_id"), ["group_id"])
    op.drop_index(op.f("ix_snapshots_taken_at"), "snapshots")
    op.drop_index("ix_sanctions_thread", "sanctions")
    op.drop_table("sanctioned_threads")
