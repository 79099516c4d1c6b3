"""How Alembic finds the database and the tables; run by `flask db`."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from forum import features
from forum.core.db import Timestamp, db


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations outlive the code they were made from, so they name no type of ours."""
    if kind == "type" and isinstance(item, Timestamp):
        return "sa.DateTime(timezone=True)"
    return False


def run_offline() -> None:
    """Print the SQL of the migrations."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    context.configure(url=url, target_metadata=features.METADATA, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Migrate the application's database."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=features.METADATA,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
