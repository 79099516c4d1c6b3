"""Members by role, and by how their names begin."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

NAMES = {"username_skeleton": 128, "name_skeleton": 255}


def upgrade() -> None:
    _order_names("C")
    op.create_index("ix_members_role", "members", ["role", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_members_role", "members")
    _order_names(None)


def _order_names(collation: str | None) -> None:
    """By the code points of their characters, as on SQLite, or as the database orders texts."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for name, length in NAMES.items():
        op.alter_column("members", name, type_=sa.String(length, collation))
