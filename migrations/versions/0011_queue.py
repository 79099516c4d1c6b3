"""The queue of the moderators: what is to be decided, why, and what the texts said."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0012"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TARGETS = {"thread_id": "threads", "reply_id": "replies", "member_id": "members"}
STATES = {"open": "decided_at IS NULL", "decided": "decided_at IS NOT NULL"}


def upgrade() -> None:
    create_items()
    create_evidence()
    create_snapshots()


def downgrade() -> None:
    for table in ("snapshots", "review_evidence", "review_items"):
        op.drop_table(table)


def create_items() -> None:
    table = "review_items"
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        *(sa.Column(column, IDENTIFIER, nullable=True) for column in TARGETS),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Integer(), sa.Computed("-weight", persisted=True), nullable=False),
        sa.Column("evidence_seq", sa.Integer(), nullable=False),
        sa.Column("claimed_by_id", IDENTIFIER, nullable=True),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("claim_seq", sa.Integer(), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        one_of(table, *TARGETS),
        sa.CheckConstraint(
            "weight >= 0 AND evidence_seq >= 0 AND claim_seq >= 0",
            name=op.f("ck_review_items_numbers"),
        ),
        *(refers(table, column, to) for column, to in TARGETS.items()),
        refers(table, "claimed_by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    for column in TARGETS:
        op.create_index(op.f(f"ix_review_items_{column}"), table, [column])
        create_index(
            f"uq_review_items_open_{column}", table, [column, "kind"], STATES["open"], unique=True
        )
    for state, where in STATES.items():
        create_index(f"ix_review_items_{state}_urgent", table, ["urgency", "id"], where)
        create_index(f"ix_review_items_{state}_oldest", table, ["opened_at", "id"], where)


def create_evidence() -> None:
    table = "review_evidence"
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("item_id", IDENTIFIER, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("by_id", IDENTIFIER, nullable=True),
        sa.Column("rule_id", IDENTIFIER, nullable=True),
        sa.Column("revision", sa.String(length=16), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        refers(table, "item_id", "review_items"),
        refers(table, "by_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_evidence")),
        sa.UniqueConstraint("item_id", "seq", name=op.f("uq_review_evidence_item_id_seq")),
    )
    op.create_index(op.f("ix_review_evidence_rule_id"), table, ["rule_id"])


def create_snapshots() -> None:
    table = "snapshots"
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", IDENTIFIER, nullable=True),
        sa.Column("reply_id", IDENTIFIER, nullable=True),
        sa.Column("revision", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        one_of(table, "thread_id", "reply_id"),
        refers(table, "thread_id", "threads"),
        refers(table, "reply_id", "replies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("thread_id", "revision", name=op.f("uq_snapshots_thread_id_revision")),
        sa.UniqueConstraint("reply_id", "revision", name=op.f("uq_snapshots_reply_id_revision")),
    )


def one_of(table: str, *columns: str) -> sa.CheckConstraint:
    known = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return sa.CheckConstraint(f"{' + '.join(known)} = 1", name=op.f(f"ck_{table}_one_target"))


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def create_index(
    name: str, table: str, columns: list[str], where: str, unique: bool = False
) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
