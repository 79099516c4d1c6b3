"""What commands need of the database: that it answers, and has the tables of this release."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DBAPIError, OperationalError

from forum.core.db import db

P = ParamSpec("P")


def on_the_database(command: Callable[P, None]) -> Callable[P, None]:
    """Let the command say in one line that the database cannot be used as it is."""

    @wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            refuse_other_revision()
            command(*args, **kwargs)
        except OperationalError as error:
            raise click.ClickException(no_answer(error)) from error

    return checked


def refuse_other_revision() -> None:
    """Raise `click.ClickException` unless the database has been migrated to this release."""
    config = current_app.extensions["migrate"].migrate.get_config()
    newest = set(ScriptDirectory.from_config(config).get_heads())
    with db.engine.connect() as connection:
        current = set(MigrationContext.configure(connection).get_current_heads())
    if current != newest:
        raise click.ClickException(
            "The database is not that of this release; run: flask --app wsgi db upgrade"
        )


def no_answer(error: DBAPIError) -> str:
    """A sentence on why the database does not answer."""
    return f"The database does not answer: {str(error.orig).splitlines()[0]}."
