"""The queue of background work: Huey, in a SQLite file beside the embedded database or in Redis."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app

from forum.config import refuse_unwritable
from forum.core.metrics import add_gauge

if TYPE_CHECKING:
    from huey import Huey

NAME = "crossroads"
FILE = "queue.db"


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its queue, in Redis if there is one, otherwise in a file.

    Raises `ConfigurationError` for a file that cannot be written.
    """
    file = Path(app.instance_path) / FILE
    if not redis_url:
        refuse_unwritable(file)

    @cache
    def queue() -> "Huey":
        from huey import RedisHuey, SqliteHuey  # loads a driver for each of its databases

        if redis_url:
            return RedisHuey(NAME, url=redis_url, results=False)
        return SqliteHuey(NAME, filename=str(file), results=False)

    app.extensions["queue"] = queue
    add_gauge(app, "queue_depth", "Work that waits for a worker.", lambda: len(queue()))


def current_queue() -> "Huey":
    """The queue of the current application."""
    queue: Callable[[], Huey] = current_app.extensions["queue"]
    return queue()
