"""Identities that were joined to accounts which they did not open."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "identities",
        sa.Column("opened_account", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    with op.batch_alter_table("identities") as table:
        table.alter_column("opened_account", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("identities") as table:
        table.drop_column("opened_account")
