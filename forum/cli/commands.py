"""The commands of `flask --app wsgi`."""

import sys

import click
import orjson
from flask import Flask, current_app
from flask.cli import with_appcontext

from forum.cli.audit import audit
from forum.cli.demo import demo
from forum.cli.mail import mail
from forum.cli.moderation import moderation
from forum.cli.recount import recount
from forum.cli.serve import serve_command
from forum.cli.users import users


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (audit, demo, mail, moderation, openapi, recount, serve_command, users):
        app.cli.add_command(command)


@click.command("openapi")
@with_appcontext
def openapi() -> None:
    """Print the OpenAPI document."""
    document = orjson.dumps(current_app.extensions["openapi"](), option=orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(document + b"\n")
