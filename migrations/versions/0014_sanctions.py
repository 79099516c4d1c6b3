"""Sanctions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0015"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sanctions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=True),
        sa.Column("message", sa.String(length=2000), nullable=True),
        sa.Column("imposed_by", IDENTIFIER, nullable=False),
        sa.Column("imposed_at", TIME, nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=True),
        sa.Column("seen_at", TIME, nullable=True),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.CheckConstraint(
            "kind IN ('note', 'warn', 'slow', 'hold-all', 'mute', 'suspend')",
            name=op.f("ck_sanctions_kind"),
        ),
        sa.CheckConstraint(
            "scope IN ('writing', 'thread', 'voting', 'ballots', 'reporting')",
            name=op.f("ck_sanctions_scope"),
        ),
        sa.CheckConstraint(
            "(thread_id IS NULL) = (scope <> 'thread')", name=op.f("ck_sanctions_thread")
        ),
        sa.CheckConstraint(
            "(minutes IS NULL) = (kind <> 'slow')", name=op.f("ck_sanctions_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["imposed_by"], ["members.id"], name=op.f("fk_sanctions_imposed_by")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sanctions_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    op.create_index("ix_sanctions_member", "sanctions", ["member_id", "id"], unique=False)
    op.create_index(
        "ix_sanctions_not_lifted",
        "sanctions",
        ["member_id"],
        unique=False,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("sanctions")
