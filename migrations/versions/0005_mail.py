"""Mail that is to be sent, and addresses that it did not reach."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
IS_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    create_outgoing_mails()
    op.create_table(
        "bouncing_addresses",
        sa.Column("address_hash", sa.String(32), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_bouncing_addresses")),
    )


def downgrade() -> None:
    op.drop_table("bouncing_addresses")
    op.drop_table("outgoing_mails")


def create_outgoing_mails() -> None:
    op.create_table(
        "outgoing_mails",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("letter", sa.String(64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(254), nullable=True),
        sa.Column("address_hash", sa.String(32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mails_key")),
    )
    with op.batch_alter_table("outgoing_mails") as batch:
        batch.create_index(op.f("ix_outgoing_mails_queued_at"), ["queued_at"])
        of_address = ["address_hash", "tried_at"]
        batch.create_index(op.f("ix_outgoing_mails_address_hash_tried_at"), of_address)
        batch.create_index(
            op.f("ix_outgoing_mails_due_at"),
            ["due_at"],
            sqlite_where=IS_DUE,
            postgresql_where=IS_DUE,
        )
