"""The commands of `flask --app wsgi`."""

import sys

import click
import orjson
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from forum.accounts import commands as accounts
from forum.accounts import queries
from forum.accounts.commands import NewMember
from forum.accounts.errors import EmailTaken, UsernameTaken
from forum.accounts.models import MEMBER, ROLES
from forum.core.db import db, writing

users = AppGroup("users", help="Members and their roles.")


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(users)
    app.cli.add_command(openapi)


@users.command("create")
@click.argument("name")
@click.option("--email", help="Made up as NAME@localhost.invalid when missing.")
@click.option("--password", help="Generated and printed when missing.")
@click.option("--role", type=click.Choice(ROLES), default=MEMBER, show_default=True)
def create_user(name: str, email: str | None, password: str | None, role: str) -> None:
    """Open an account with a confirmed address."""


@click.command("openapi")
@with_appcontext
def openapi() -> None:
    """Print the OpenAPI document."""
    document = orjson.dumps(current_app.extensions["openapi"], option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(document + b"\n")
