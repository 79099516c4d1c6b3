"""What sessions are shown by, personal access tokens and second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("members", sa.Column("two_factor_at", TIME, nullable=True))
    op.add_column("sign_ins", sa.Column("last_used_at", TIME, nullable=True))
    op.add_column(
        "sign_ins",
        sa.Column("user_agent", sa.String(length=80), nullable=False, server_default=""),
    )
    op.execute("UPDATE sign_ins SET last_used_at = created_at")
    with op.batch_alter_table("sign_ins") as table:
        table.alter_column("last_used_at", existing_type=TIME, nullable=False)
        table.alter_column("user_agent", existing_type=sa.String(length=80), server_default=None)
    _create_access_tokens()
    _create_second_factors()


def _create_access_tokens() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_access_tokens_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_tokens_token_hash")),
    )
    op.create_index(op.f("ix_access_tokens_member_id"), "access_tokens", ["member_id"])


def _create_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("member_id", IDENTIFIER, autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("last_step", IDENTIFIER, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_second_factors_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_second_factors")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_second_factors_failures")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_recovery_codes_member_id")
        ),
        sa.PrimaryKeyConstraint("member_id", "code_hash", name=op.f("pk_recovery_codes")),
    )


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_table("access_tokens")
    with op.batch_alter_table("sign_ins") as table:
        table.drop_column("user_agent")
        table.drop_column("last_used_at")
    op.drop_column("members", "two_factor_at")
