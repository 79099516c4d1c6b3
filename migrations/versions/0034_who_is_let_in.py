"""Who is let in, and whose reports weigh: policies, reports, and guests by their addresses."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

IS_UNCONFIRMED_GUEST = "username IS NULL AND email IS NOT NULL AND email_confirmed_at IS NULL"
NUMBERS = "first_texts >= 0 AND younger_than_days >= 0 AND trusted_after >= 0"
ONE_TARGET = "(thread_id IS NULL) <> (reply_id IS NULL)"
WHAT_IT_WEIGHED = (
    "SELECT review_evidence.weight FROM review_evidence"
    " WHERE review_evidence.id = reports.evidence_id"
)


def upgrade() -> None:
    op.add_column("premoderation_policies", sa.Column("unconfirmed", sa.Boolean(), nullable=True))
    op.execute("UPDATE premoderation_policies SET unconfirmed = false")
    require("premoderation_policies", "unconfirmed", sa.Boolean(), numbers=NUMBERS)
    op.add_column("reports", sa.Column("weight_to_hide", sa.Integer(), nullable=True))
    op.execute(f"UPDATE reports SET weight_to_hide = ({WHAT_IT_WEIGHED})")  # noqa: S608 - of names above
    require("reports", "weight_to_hide", sa.Integer(), one_target=ONE_TARGET)
    op.create_index(
        op.f("ix_seen_addresses_address_hash_seen_at_member_id"),
        "seen_addresses",
        ["address_hash", "seen_at", "member_id"],
    )
    op.create_index(
        "ix_members_unconfirmed_guests",
        "members",
        ["created_at", "id"],
        sqlite_where=sa.text(IS_UNCONFIRMED_GUEST),
        postgresql_where=sa.text(IS_UNCONFIRMED_GUEST),
    )


def require(table: str, column: str, kind: sa.types.TypeEngine[Any], **checks: str) -> None:
    """Let a column be filled in each row; on SQLite the table is made anew, with its checks."""
    kept = (sa.CheckConstraint(sql, name=op.f(f"ck_{table}_{c}")) for c, sql in checks.items())
    with op.batch_alter_table(table, table_args=tuple(kept)) as changed:
        changed.alter_column(column, existing_type=kind, nullable=False)


def downgrade() -> None:
    op.drop_index("ix_members_unconfirmed_guests", "members")
    op.drop_index(op.f("ix_seen_addresses_address_hash_seen_at_member_id"), "seen_addresses")
    op.drop_column("reports", "weight_to_hide")
    op.drop_column("premoderation_policies", "unconfirmed")
