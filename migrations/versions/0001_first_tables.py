"""The first tables: members, posts, threads, replies, votes, ballots, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
VISIBLE = "deleted_at IS NULL AND removed_at IS NULL AND held_at IS NULL AND purged_at IS NULL"


def upgrade() -> None:
    create_events()
    create_idempotency_keys()
    create_members()
    create_posts()
    create_post_addresses()
    create_post_stances()
    create_sign_ins()
    create_threads()
    create_replies()
    create_thread_stances()
    create_thread_votes()
    create_ballots()
    create_pins()
    create_reply_revisions()
    create_reply_votes()


def downgrade() -> None:
    op.drop_table("reply_votes")
    op.drop_table("reply_revisions")
    op.drop_table("pins")
    op.drop_table("ballots")
    op.drop_table("thread_votes")
    op.drop_table("thread_stances")
    op.drop_table("replies")
    op.drop_table("threads")
    op.drop_table("sign_ins")
    op.drop_table("post_stances")
    op.drop_table("post_addresses")
    op.drop_table("posts")
    op.drop_table("members")
    op.drop_table("idempotency_keys")
    op.drop_table("events")


def create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("happened_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_happened_at"), "events", ["happened_at"], unique=False)
    op.create_index(op.f("ix_events_transaction_id"), "events", ["transaction_id"], unique=False)


def create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_index(op.f("ix_idempotency_keys_owner"), "idempotency_keys", ["owner"], unique=False)


def create_members() -> None:
    op.create_table(
        "members",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("username", sa.String(length=32), nullable=True),
        sa.Column("username_skeleton", sa.String(length=128), nullable=True),
        sa.Column("display_name", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", TIME, nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("erased_at", TIME, nullable=True),
        sa.Column("technical_standing", sa.Integer(), nullable=False),
        sa.Column("management_standing", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('member', 'moderator', 'admin')", name=op.f("ck_members_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("email_key", name=op.f("uq_members_email_key")),
        sa.UniqueConstraint("username_skeleton", name=op.f("uq_members_username_skeleton")),
    )


def create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("author_name", sa.String(length=120), nullable=True),
        sa.Column("summary", sa.String(length=2000), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column(
            "visible",
            sa.Boolean(),
            sa.Computed("deleted_at IS NULL", persisted=True),
            nullable=False,
        ),
        sa.Column("thread_count", sa.Integer(), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("last_activity_at", TIME, nullable=True),
        sa.Column(
            "active_at",
            TIME,
            sa.Computed("coalesce(last_activity_at, created_at)", persisted=True),
            nullable=False,
        ),
        sa.Column("technical_halves", sa.Integer(), nullable=False),
        sa.Column("management_halves", sa.Integer(), nullable=False),
        sa.Column("bridge_authors", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "technical_halves >= 0 AND management_halves >= 0 AND bridge_authors >= 0",
            name=op.f("ck_posts_balance"),
        ),
        sa.CheckConstraint("thread_count >= 0 AND reply_count >= 0", name=op.f("ck_posts_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("slug", name=op.f("uq_posts_slug")),
    )
    op.create_index("ix_posts_active", "posts", ["visible", "active_at", "id"], unique=False)
    op.create_index("ix_posts_new", "posts", ["visible", "created_at", "id"], unique=False)


def create_post_addresses() -> None:
    op.create_table(
        "post_addresses",
        sa.Column("key", sa.String(length=2000), nullable=False),
        sa.Column("post_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_addresses_post_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_post_addresses")),
    )
    op.create_index(op.f("ix_post_addresses_post_id"), "post_addresses", ["post_id"], unique=False)


def create_post_stances() -> None:
    op.create_table(
        "post_stances",
        sa.Column("post_id", IDENTIFIER, nullable=False),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("technical", sa.Integer(), nullable=False),
        sa.Column("management", sa.Integer(), nullable=False),
        sa.Column("bridge", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "technical >= 0 AND management >= 0 AND bridge >= 0",
            name=op.f("ck_post_stances_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_post_stances_author_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_stances_post_id")),
        sa.PrimaryKeyConstraint("post_id", "author_id", name=op.f("pk_post_stances")),
    )


def create_sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("refresh_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_sign_ins_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_expires_at"), "sign_ins", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_ins_member_id"), "sign_ins", ["member_id"], unique=False)


def create_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("post_id", IDENTIFIER, nullable=False),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column(
            "listed",
            sa.Boolean(),
            sa.Computed(
                f"({VISIBLE}) OR reply_count > 0",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("locked_at", TIME, nullable=True),
        sa.Column("locked_reason", sa.String(length=500), nullable=True),
        sa.Column("up", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), sa.Computed("up - down", persisted=True), nullable=False),
        sa.Column("best", sa.Double(), nullable=False),
        sa.Column("hot", sa.Double(), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("last_reply_at", TIME, nullable=True),
        sa.Column(
            "active_at",
            TIME,
            sa.Computed("coalesce(last_reply_at, created_at)", persisted=True),
            nullable=False,
        ),
        sa.Column("technical_halves", sa.Integer(), nullable=False),
        sa.Column("management_halves", sa.Integer(), nullable=False),
        sa.Column("bridge_authors", sa.Integer(), nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("removed_at", TIME, nullable=True),
        sa.Column("removed_reason", sa.String(length=500), nullable=True),
        sa.Column("held_at", TIME, nullable=True),
        sa.Column("purged_at", TIME, nullable=True),
        sa.Column(
            "visible",
            sa.Boolean(),
            sa.Computed(
                VISIBLE,
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "technical_halves >= 0 AND management_halves >= 0 AND bridge_authors >= 0",
            name=op.f("ck_threads_balance"),
        ),
        sa.CheckConstraint(
            "up >= 0 AND down >= 0 AND reply_count >= 0", name=op.f("ck_threads_counts")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_threads_author_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_threads_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index(
        "ix_threads_active",
        "threads",
        ["post_id", "active_at", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_threads_best",
        "threads",
        ["post_id", "best", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_threads_hot",
        "threads",
        ["post_id", "pinned", "hot", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_threads_new",
        "threads",
        ["post_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_threads_newest",
        "threads",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_threads_newest_of_author",
        "threads",
        ["author_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_threads_hidden_of_author",
        "threads",
        ["author_id"],
        unique=False,
        sqlite_where=sa.text("visible = 0"),
        postgresql_where=sa.text("NOT visible"),
    )
    op.create_index(
        "ix_threads_top",
        "threads",
        ["post_id", "score", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )


def create_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("thread_id", IDENTIFIER, nullable=False),
        sa.Column("post_id", IDENTIFIER, nullable=False),
        sa.Column("parent_id", IDENTIFIER, nullable=True),
        sa.Column("reply_to_id", IDENTIFIER, nullable=True),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("depth", sa.SmallInteger(), nullable=False),
        sa.Column("tree_key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column(
            "listed",
            sa.Boolean(),
            sa.Computed(
                f"({VISIBLE}) OR reply_count > 0",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("child_count", sa.Integer(), nullable=False),
        sa.Column("up", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), sa.Computed("up - down", persisted=True), nullable=False),
        sa.Column("best", sa.Double(), nullable=False),
        sa.Column("controversy", sa.Double(), nullable=False),
        sa.Column("declared", sa.String(length=16), nullable=True),
        sa.Column("technical_ballots", sa.Integer(), nullable=False),
        sa.Column("management_ballots", sa.Integer(), nullable=False),
        sa.Column("neither_ballots", sa.Integer(), nullable=False),
        sa.Column("pinned_at", TIME, nullable=True),
        sa.Column("pinned_path", sa.String(length=16), nullable=True),
        sa.Column("pinned_reason", sa.String(length=500), nullable=True),
        sa.Column("path", sa.String(length=16), nullable=True),
        sa.Column("path_source", sa.String(length=16), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("bridge", sa.Boolean(), nullable=False),
        sa.Column(
            "on_technical",
            sa.Boolean(),
            sa.Computed("coalesce(path, '') = 'technical-path' OR bridge", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "on_management",
            sa.Boolean(),
            sa.Computed("coalesce(path, '') = 'management-path' OR bridge", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "lane",
            sa.SmallInteger(),
            sa.Computed(
                "CASE WHEN NOT (deleted_at IS NULL AND removed_at IS NULL AND held_at IS NULL AND purged_at IS NULL) THEN 2 WHEN path = 'technical-path' THEN 0 WHEN path = 'management-path' THEN 1 ELSE 2 END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("removed_at", TIME, nullable=True),
        sa.Column("removed_reason", sa.String(length=500), nullable=True),
        sa.Column("held_at", TIME, nullable=True),
        sa.Column("purged_at", TIME, nullable=True),
        sa.Column(
            "visible",
            sa.Boolean(),
            sa.Computed(
                VISIBLE,
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("reply_count >= 0 AND child_count >= 0", name=op.f("ck_replies_counts")),
        sa.CheckConstraint(
            "technical_ballots >= 0 AND management_ballots >= 0 AND neither_ballots >= 0",
            name=op.f("ck_replies_ballots"),
        ),
        sa.CheckConstraint("up >= 0 AND down >= 0", name=op.f("ck_replies_votes")),
        sa.ForeignKeyConstraint(["author_id"], ["members.id"], name=op.f("fk_replies_author_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["replies.id"], name=op.f("fk_replies_parent_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_replies_post_id")),
        sa.ForeignKeyConstraint(
            ["reply_to_id"], ["replies.id"], name=op.f("fk_replies_reply_to_id")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name=op.f("fk_replies_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("tree_key", name=op.f("uq_replies_tree_key")),
    )
    op.create_index(
        "ix_replies_best_on_management",
        "replies",
        ["thread_id", "best", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_management = 1"),
        postgresql_where=sa.text("visible AND on_management"),
    )
    op.create_index(
        "ix_replies_best_on_technical",
        "replies",
        ["thread_id", "best", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_technical = 1"),
        postgresql_where=sa.text("visible AND on_technical"),
    )
    op.create_index(
        "ix_replies_controversial_on_management",
        "replies",
        ["thread_id", "controversy", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_management = 1"),
        postgresql_where=sa.text("visible AND on_management"),
    )
    op.create_index(
        "ix_replies_controversial_on_technical",
        "replies",
        ["thread_id", "controversy", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_technical = 1"),
        postgresql_where=sa.text("visible AND on_technical"),
    )
    op.create_index(
        "ix_replies_new_on_management",
        "replies",
        ["thread_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_management = 1"),
        postgresql_where=sa.text("visible AND on_management"),
    )
    op.create_index(
        "ix_replies_new_on_technical",
        "replies",
        ["thread_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_technical = 1"),
        postgresql_where=sa.text("visible AND on_technical"),
    )
    op.create_index(
        "ix_replies_newest",
        "replies",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_replies_newest_of_author",
        "replies",
        ["author_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_replies_hidden_of_author",
        "replies",
        ["author_id"],
        unique=False,
        sqlite_where=sa.text("visible = 0"),
        postgresql_where=sa.text("NOT visible"),
    )
    op.create_index(
        "ix_replies_newest_of_post",
        "replies",
        ["post_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_replies_newest_of_thread",
        "replies",
        ["thread_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1"),
        postgresql_where=sa.text("visible"),
    )
    op.create_index(
        "ix_replies_newest_on_management",
        "replies",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_management = 1"),
        postgresql_where=sa.text("visible AND on_management"),
    )
    op.create_index(
        "ix_replies_newest_on_technical",
        "replies",
        ["created_at", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_technical = 1"),
        postgresql_where=sa.text("visible AND on_technical"),
    )
    op.create_index(
        "ix_replies_parent_id",
        "replies",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        "ix_replies_top_on_management",
        "replies",
        ["thread_id", "score", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_management = 1"),
        postgresql_where=sa.text("visible AND on_management"),
    )
    op.create_index(
        "ix_replies_top_on_technical",
        "replies",
        ["thread_id", "score", "id"],
        unique=False,
        sqlite_where=sa.text("visible = 1 AND on_technical = 1"),
        postgresql_where=sa.text("visible AND on_technical"),
    )
    op.create_index(
        "ix_replies_tree_balanced",
        "replies",
        ["thread_id", "parent_id", "lane", "best", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_replies_tree_best",
        "replies",
        ["thread_id", "parent_id", "best", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_replies_tree_controversial",
        "replies",
        ["thread_id", "parent_id", "controversy", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_replies_tree_new",
        "replies",
        ["thread_id", "parent_id", "created_at", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )
    op.create_index(
        "ix_replies_tree_top",
        "replies",
        ["thread_id", "parent_id", "score", "id"],
        unique=False,
        sqlite_where=sa.text("listed = 1"),
        postgresql_where=sa.text("listed"),
    )


def create_thread_stances() -> None:
    op.create_table(
        "thread_stances",
        sa.Column("thread_id", IDENTIFIER, nullable=False),
        sa.Column("author_id", IDENTIFIER, nullable=False),
        sa.Column("technical", sa.Integer(), nullable=False),
        sa.Column("management", sa.Integer(), nullable=False),
        sa.Column("bridge", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "technical >= 0 AND management >= 0 AND bridge >= 0",
            name=op.f("ck_thread_stances_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["members.id"], name=op.f("fk_thread_stances_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_stances_thread_id")
        ),
        sa.PrimaryKeyConstraint("thread_id", "author_id", name=op.f("pk_thread_stances")),
    )


def create_thread_votes() -> None:
    op.create_table(
        "thread_votes",
        sa.Column("thread_id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("voted_at", TIME, nullable=False),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_thread_votes_value")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_thread_votes_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_votes_thread_id")
        ),
        sa.PrimaryKeyConstraint("thread_id", "member_id", name=op.f("pk_thread_votes")),
    )


def create_ballots() -> None:
    op.create_table(
        "ballots",
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("path", sa.String(length=16), nullable=False),
        sa.Column("cast_at", TIME, nullable=False),
        sa.CheckConstraint(
            "path IN ('technical-path', 'management-path', 'neither')", name=op.f("ck_ballots_path")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_ballots_member_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_ballots_reply_id")),
        sa.PrimaryKeyConstraint("reply_id", "member_id", name=op.f("pk_ballots")),
    )
    op.create_index(op.f("ix_ballots_member_id"), "ballots", ["member_id"], unique=False)


def create_pins() -> None:
    op.create_table(
        "pins",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("moderator_id", IDENTIFIER, nullable=False),
        sa.Column("path", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("pinned_at", TIME, nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["members.id"], name=op.f("fk_pins_moderator_id")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_pins_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
    )
    op.create_index(op.f("ix_pins_reply_id"), "pins", ["reply_id"], unique=False)


def create_reply_revisions() -> None:
    op.create_table(
        "reply_revisions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("replaced_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["replies.id"], name=op.f("fk_reply_revisions_reply_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_revisions")),
    )
    op.create_index(
        op.f("ix_reply_revisions_reply_id"), "reply_revisions", ["reply_id"], unique=False
    )


def create_reply_votes() -> None:
    op.create_table(
        "reply_votes",
        sa.Column("reply_id", IDENTIFIER, nullable=False),
        sa.Column("member_id", IDENTIFIER, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("voted_at", TIME, nullable=False),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_reply_votes_value")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_reply_votes_member_id")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reply_votes_reply_id")),
        sa.PrimaryKeyConstraint("reply_id", "member_id", name=op.f("pk_reply_votes")),
    )
