"""Events by transaction, where they have one: on SQLite none does, and nothing is to be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_events_transaction_id"), "events")
    has_one = sa.text("transaction_id IS NOT NULL")
    op.create_index(
        op.f("ix_events_transaction_id"),
        "events",
        ["transaction_id"],
        unique=False,
        sqlite_where=has_one,
        postgresql_where=has_one,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_events_transaction_id"), "events")
    op.create_index(op.f("ix_events_transaction_id"), "events", ["transaction_id"], unique=False)
