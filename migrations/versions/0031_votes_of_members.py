"""Votes by who gave them, who may take along what is held about them."""

from alembic import op

revision = "0031"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_thread_votes_member_id"), "thread_votes", ["member_id", "thread_id"], unique=False
    )
    op.create_index(
        op.f("ix_reply_votes_member_id"), "reply_votes", ["member_id", "reply_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_reply_votes_member_id"), "reply_votes")
    op.drop_index(op.f("ix_thread_votes_member_id"), "thread_votes")
