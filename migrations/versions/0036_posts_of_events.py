"""Events that wait to be told name the post, too, below which a thread stands."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0032"
branch_labels = None
depends_on = None

OF_REVIEWS = ("TextDecided", "AuthorAddressed", "ReportsDecided", "HiddenByReports")
"""They go on without."""

EVENTS = sa.table(
    "events",
    sa.column("id", sa.BigInteger),
    sa.column("name", sa.String),
    sa.column("topic", sa.String),
    sa.column("data", sa.JSON),
    sa.column("due_at"),
)
THREADS = sa.table("threads", sa.column("id", sa.BigInteger), sa.column("post_id", sa.BigInteger))


def upgrade() -> None:
    change_data(lambda data: {**data, "post_id": post_of(data["thread_id"])})


def downgrade() -> None:
    change_data(lambda data: {name: data[name] for name in data if name != "post_id"})


def change_data(changed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    waiting = sa.select(EVENTS.c.id, EVENTS.c.data).where(
        EVENTS.c.due_at.is_not(None),
        EVENTS.c.topic.contains("thread:"),
        EVENTS.c.name.not_in(OF_REVIEWS),
    )
    for event_id, data in op.get_bind().execute(waiting).all():
        op.execute(sa.update(EVENTS).where(EVENTS.c.id == event_id).values(data=changed(data)))


def post_of(thread_id: int) -> int:
    found = sa.select(THREADS.c.post_id).where(THREADS.c.id == thread_id)
    post_id: int = op.get_bind().execute(found).scalar_one()
    return post_id
