"""What is looked at before it is published, and what waits."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXTS = ("threads", "replies")


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


def downgrade() -> None:
    for table in TEXTS:
        op.drop_index(f"ix_{table}_held_of_author", table)
