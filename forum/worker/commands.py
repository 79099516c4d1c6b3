"""`flask worker`: does background work until it is stopped."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from forum.core.metrics import add_gauge
from forum.worker.jobs import schedule
from forum.worker.queue import make_queue


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its queue, its periodic work and the command."""
    queue = make_queue(redis_url, Path(app.instance_path))
    schedule(app, queue)
    app.extensions["queue"] = queue
    add_gauge(app, "queue_depth", "Work that waits for a worker.", lambda: len(queue))
    app.cli.add_command(worker)


@click.command("worker")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1))
@with_appcontext
def worker(threads: int) -> None:
    """Do background work until SIGTERM or Ctrl-C; what has begun is finished first."""
    click.echo("Crossroads works in the background until Ctrl-C.")
    current_app.extensions["queue"].create_consumer(workers=threads, periodic=True).run()
