"""Events know when those who react to them are to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
IS_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("events", sa.Column("due_at", TIME, nullable=True))
    op.create_index(
        op.f("ix_events_due_at"),
        "events",
        ["due_at"],
        unique=False,
        sqlite_where=IS_DUE,
        postgresql_where=IS_DUE,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_events_due_at"), table_name="events")
    op.drop_column("events", "due_at")
