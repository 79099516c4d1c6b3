"""Bans, and from where members came."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bans",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("email_domain", sa.String(length=253), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("imposed_by", IDENTIFIER, nullable=False),
        sa.Column("imposed_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=True),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["imposed_by"], ["members.id"], name=op.f("fk_bans_imposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bans")),
    )
    op.create_index(
        "ix_bans_email_domain",
        "bans",
        ["email_domain"],
        unique=False,
        sqlite_where=sa.text("email_domain IS NOT NULL"),
        postgresql_where=sa.text("email_domain IS NOT NULL"),
    )
    op.create_table(
        "banned_addresses",
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("ban_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["ban_id"], ["bans.id"], name=op.f("fk_banned_addresses_ban_id")),
        sa.PrimaryKeyConstraint("address_hash", "ban_id", name=op.f("pk_banned_addresses")),
    )
    op.create_index(
        op.f("ix_banned_addresses_ban_id"), "banned_addresses", ["ban_id"], unique=False
    )
    op.create_table(
        "seen_addresses",
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_seen_addresses_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "address_hash", name=op.f("pk_seen_addresses")),
    )
    op.create_index(op.f("ix_seen_addresses_seen_at"), "seen_addresses", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_table("seen_addresses")
    op.drop_table("banned_addresses")
    op.drop_table("bans")
