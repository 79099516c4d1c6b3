"""Addresses that are not confirmed, and the tokens by which they are."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0010"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
IS_DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("members", sa.Column("unconfirmed_key", sa.String(254), nullable=True))
    op.add_column("members", sa.Column("new_email", sa.String(254), nullable=True))
    op.create_index(
        op.f("ix_members_unconfirmed_key"), "members", ["unconfirmed_key", "id"], unique=False
    )
    op.execute(
        "UPDATE members SET unconfirmed_key = email_key, email_key = NULL"
        " WHERE email_confirmed_at IS NULL"
    )
    create_mailed_tokens()
    create_asked_letters()


def downgrade() -> None:
    op.drop_table("asked_letters")
    op.drop_table("mailed_tokens")
    op.execute(  # an address had one account: of those that wait to confirm it, the first
        "UPDATE members SET email_key = unconfirmed_key WHERE id IN"
        " (SELECT min(id) FROM members WHERE unconfirmed_key IS NOT NULL GROUP BY unconfirmed_key)"
        " AND unconfirmed_key NOT IN (SELECT email_key FROM members WHERE email_key IS NOT NULL)"
    )
    op.drop_index(op.f("ix_members_unconfirmed_key"), "members")
    op.drop_column("members", "new_email")
    op.drop_column("members", "unconfirmed_key")


def create_mailed_tokens() -> None:
    op.create_table(
        "mailed_tokens",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_mailed_tokens_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mailed_tokens_token_hash")),
    )
    op.create_index(op.f("ix_mailed_tokens_member_id"), "mailed_tokens", ["member_id"])
    op.create_index(op.f("ix_mailed_tokens_expires_at"), "mailed_tokens", ["expires_at"])


def create_asked_letters() -> None:
    op.create_table(
        "asked_letters",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("letter", sa.String(32), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_asked_letters_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_letters")),
    )
    op.create_index(op.f("ix_asked_letters_member_id"), "asked_letters", ["member_id"])
    op.create_index(
        op.f("ix_asked_letters_due_at"),
        "asked_letters",
        ["due_at"],
        sqlite_where=IS_DUE,
        postgresql_where=IS_DUE,
    )
