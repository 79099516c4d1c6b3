"""`flask worker`: does background work until it is stopped."""

import os
import sys

import click
from flask import Flask


def init_app(app: Flask) -> None:
    """Add the command to the application."""
    app.cli.add_command(worker)


@click.command("worker")
def worker() -> None:
    """Do background work until SIGTERM or Ctrl-C; what has begun and ends soon is finished."""
    click.echo("Crossroads works in the background until Ctrl-C.")
    sys.stdout.flush()
    process = [sys.executable, "-m", "forum.worker.process"]
    os.execv(sys.executable, process)  # noqa: S606 - this process needs no command line any more
