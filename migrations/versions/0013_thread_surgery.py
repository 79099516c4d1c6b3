"""Thread surgery: what has become of threads and replies, and how fast these may be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0025"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)

PLACES = {"threads": ("post",), "replies": ("thread", "post")}


def upgrade() -> None:
    op.create_table(
        "flattened_replies",
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("parent_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["replies.id"], name=op.f("fk_flattened_replies_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["replies.id"], name=op.f("fk_flattened_replies_reply_id")
        ),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_flattened_replies")),
    )
    op.add_column("threads", sa.Column("slow_seconds", sa.Integer(), nullable=True))
    op.add_column("replies", sa.Column("locked_at", TIME, nullable=True))
    op.add_column("replies", sa.Column("locked_reason", sa.String(length=500), nullable=True))
    create_partial("ix_replies_locked", "replies", ["thread_id", "id"], "locked_at IS NOT NULL")
    for table, places in PLACES.items():
        op.add_column(table, sa.Column("moved_to_id", IDENTIFIER, nullable=True))
        for place in places:
            left_id, left_at = f"left_{place}_id", f"left_{place}_at"
            op.add_column(table, sa.Column(left_id, IDENTIFIER, nullable=True))
            op.add_column(table, sa.Column(left_at, TIME, nullable=True))
            columns = [left_id, left_at, "id"]
            name = f"ix_{table}_moved_from_{place}"
            create_partial(name, table, columns, f"{left_at} IS NOT NULL")


def downgrade() -> None:
    for table, places in PLACES.items():
        for place in places:
            op.drop_index(f"ix_{table}_moved_from_{place}", table)
            op.drop_column(table, f"left_{place}_at")
            op.drop_column(table, f"left_{place}_id")
        op.drop_column(table, "moved_to_id")
    op.drop_index("ix_replies_locked", "replies")
    op.drop_column("replies", "locked_reason")
    op.drop_column("replies", "locked_at")
    op.drop_column("threads", "slow_seconds")
    op.drop_table("flattened_replies")


def create_partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
