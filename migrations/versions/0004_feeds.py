"""What feeds are ordered by: when a reply came to a path, whom it answers, when what turned."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0006"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)

FLAGS = ("technical", "management")
SCOPES: tuple[tuple[str, list[str]], ...] = (("", []), ("_of_post", ["post_id"]))
HIDDEN_AT = "coalesce(deleted_at, removed_at, held_at, purged_at)"


def upgrade() -> None:
    create_partial("ix_events_everywhere", ["happened_at"], "topic IS NULL", "events")
    for table in ("threads", "replies"):
        op.drop_index(f"ix_{table}_hidden_of_author", table)
        op.add_column(table, sa.Column("turned_at", TIME, nullable=True))
        op.execute(f"UPDATE {table} SET turned_at = {HIDDEN_AT} WHERE NOT visible")  # noqa: S608 - names of ours
    index_hidden("threads", _of_post="post_id", _of_author="author_id")
    op.add_column("replies", sa.Column("answered_id", IDENTIFIER, nullable=True))
    say_whom_replies_answer()
    index_hidden(
        "replies",
        _of_post="post_id",
        _of_thread="thread_id",
        _of_author="author_id",
        _to="answered_id",
    )
    create_partial("ix_replies_newest_to", ["answered_id", "created_at", "id"], "visible")
    for flag in FLAGS:
        add_times_on_path(flag)


def downgrade() -> None:
    for flag in FLAGS:
        remove_times_on_path(flag)
    op.drop_index("ix_replies_newest_to", "replies")
    for scope in ("", "_of_post", "_of_thread", "_of_author", "_to"):
        op.drop_index(f"ix_replies_hidden{scope}", "replies")
    op.drop_column("replies", "answered_id")
    for scope in ("", "_of_post", "_of_author"):
        op.drop_index(f"ix_threads_hidden{scope}", "threads")
    for table in ("threads", "replies"):
        op.drop_column(table, "turned_at")
        create_partial(f"ix_{table}_hidden_of_author", ["author_id"], "NOT visible", table)
    op.drop_index("ix_events_everywhere", "events")


def say_whom_replies_answer() -> None:
    op.execute(
        "UPDATE replies SET answered_id = ("
        " SELECT coalesce(answered.author_id, threads.author_id) FROM threads"
        " LEFT JOIN replies AS answered ON answered.id = replies.reply_to_id"
        " WHERE threads.id = replies.thread_id)"
    )
    op.execute("UPDATE replies SET answered_id = NULL WHERE answered_id = author_id")


def add_times_on_path(flag: str) -> None:
    entered_at, turned_at = f"{flag}_entered_at", f"{flag}_turned_at"
    op.add_column("replies", sa.Column(entered_at, TIME, nullable=True))
    op.add_column("replies", sa.Column(turned_at, TIME, nullable=True))
    op.execute(
        f"UPDATE replies SET {entered_at} = created_at, {turned_at} = turned_at"  # noqa: S608 - names of ours
        f" WHERE on_{flag}"
    )
    op.drop_index(f"ix_replies_newest_on_{flag}", "replies")
    for name, scope in SCOPES:
        create_partial(
            f"ix_replies_newest_on_{flag}{name}",
            [*scope, entered_at, "id"],
            f"visible AND on_{flag}",
        )
        create_partial(
            f"ix_replies_left_{flag}{name}",
            [*scope, turned_at, "id"],
            f"{turned_at} IS NOT NULL AND (NOT visible OR NOT on_{flag})",
        )


def remove_times_on_path(flag: str) -> None:
    for name, _ in SCOPES:
        op.drop_index(f"ix_replies_left_{flag}{name}", "replies")
        op.drop_index(f"ix_replies_newest_on_{flag}{name}", "replies")
    for time in ("entered_at", "turned_at"):
        op.drop_column("replies", f"{flag}_{time}")
    create_partial(f"ix_replies_newest_on_{flag}", ["created_at", "id"], f"visible AND on_{flag}")


def index_hidden(table: str, **scopes: str) -> None:
    for name, scope in {"": None, **scopes}.items():
        columns = [*([scope] if scope else []), "turned_at", "id"]
        create_partial(f"ix_{table}_hidden{name}", columns, "NOT visible", table)


def create_partial(name: str, columns: list[str], where: str, table: str = "replies") -> None:
    op.create_index(
        name,
        table,
        columns,
        sqlite_where=sa.text(as_numbers(where)),
        postgresql_where=sa.text(where),
    )


def as_numbers(where: str) -> str:
    """A condition as SQLAlchemy writes it for SQLite, which compares it to that of a query."""
    for flag in ("visible", "on_technical", "on_management"):
        where = where.replace(f"NOT {flag}", f"{flag} = 0")
        where = where.replace(f"{flag} AND", f"{flag} = 1 AND")
        if where.endswith(flag):
            where += " = 1"
    return where
