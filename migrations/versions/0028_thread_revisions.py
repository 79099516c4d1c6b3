"""What threads said before they were edited."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0013"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "thread_revisions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", IDENTIFIER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("replaced_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_revisions_thread_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_revisions")),
    )
    op.create_index(op.f("ix_thread_revisions_thread_id"), "thread_revisions", ["thread_id"])


def downgrade() -> None:
    op.drop_table("thread_revisions")
