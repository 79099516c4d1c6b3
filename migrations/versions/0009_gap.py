"""Threads that lack a path: which they are, and when they came to lack it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)

LACKS = "{0} + {1} >= 12 AND 100 * {0} <= 20 * ({0} + {1})"
TECHNICAL = LACKS.format("technical_halves", "management_halves")
MANAGEMENT = LACKS.format("management_halves", "technical_halves")
GAPS = {
    "gap": f"{TECHNICAL} OR {MANAGEMENT}",
    "technical_gap": TECHNICAL,
    "management_gap": MANAGEMENT,
}


def upgrade() -> None:
    stored = op.get_bind().dialect.name != "sqlite"  # which adds no stored column to a table
    for gap, lacks in GAPS.items():
        derived = sa.Computed(lacks, persisted=stored)
        op.add_column("threads", sa.Column(f"in_{gap}", sa.Boolean(), derived, nullable=False))
        for time in ("entered_at", "turned_at"):
            op.add_column("threads", sa.Column(f"{gap}_{time}", TIME, nullable=True))
        op.execute(
            f"UPDATE threads SET {gap}_entered_at = active_at"  # noqa: S608 - of names above
            f" WHERE visible AND in_{gap}"
        )
        op.create_index(
            f"ix_threads_newest_in_{gap}",
            "threads",
            [f"{gap}_entered_at", "id"],
            sqlite_where=sa.text(f"visible = 1 AND in_{gap} = 1"),
            postgresql_where=sa.text(f"visible AND in_{gap}"),
        )
        op.create_index(
            f"ix_threads_left_{gap}",
            "threads",
            [f"{gap}_turned_at", "id"],
            sqlite_where=sa.text(f"{gap}_turned_at IS NOT NULL AND (visible = 0 OR in_{gap} = 0)"),
            postgresql_where=sa.text(
                f"{gap}_turned_at IS NOT NULL AND (NOT visible OR NOT in_{gap})"
            ),
        )


def downgrade() -> None:
    for gap in GAPS:
        op.drop_index(f"ix_threads_left_{gap}", "threads")
        op.drop_index(f"ix_threads_newest_in_{gap}", "threads")
        for column in (f"in_{gap}", f"{gap}_entered_at", f"{gap}_turned_at"):
            op.drop_column("threads", column)
