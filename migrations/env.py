"""How Alembic finds the database and the tables; run by `flask db`."""

from typing import Any, Literal

import click
from alembic import context
from alembic.runtime.migration import MigrationInfo
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from forum import features
from forum.cli.database import no_answer
from forum.core.db import Timestamp, db, writing


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
    with writing(), connected() as connection:
        context.configure(
            connection=connection,
            target_metadata=features.METADATA,
            render_item=render_item,
            compare_type=True,
            on_version_apply=tell,
        )
        with context.begin_transaction():
            context.run_migrations()


def connected() -> Connection:
    """A connection; without one, an error that `flask db` tells in one line."""
    try:
        return db.engine.connect()
    except OperationalError as error:
        raise CommandError(no_answer(error)) from error


def tell(ctx: Any, step: MigrationInfo, heads: Any, run_args: Any) -> None:  # noqa: ARG001 - as Alembic calls it
    """Say what has been done; Alembic's own log would also tell when there is nothing to do."""
    way = "Upgraded" if step.is_upgrade else "Downgraded"
    click.echo(f"{way} the database by revision {step.up_revision_id}.")


if context.is_offline_mode():
    run_offline()
else:
    run_online()
