"""`flask worker`: does background work until it is stopped."""

import click
from flask import Flask

from forum.worker.jobs import schedule
from forum.worker.queue import current_queue


def init_app(app: Flask) -> None:
    """Add the command to the application."""

    @app.cli.command("worker")
    @click.option("--threads", default=2, show_default=True, type=click.IntRange(1))
    def worker(threads: int) -> None:
        """Do background work until SIGTERM or Ctrl-C; what has begun is finished first."""
        queue = current_queue()
        schedule(app, queue)
        click.echo("Crossroads works in the background until Ctrl-C.")
        queue.create_consumer(workers=threads, periodic=True).run()
