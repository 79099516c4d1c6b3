"""The queue of background work: Huey, in a SQLite file beside the embedded database or in Redis."""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app

from forum.config import refuse_unwritable
from forum.core.metrics import add_gauge

if TYPE_CHECKING:
    from huey import Huey

FILE = "queue.db"


def init_app(app: Flask, redis_url: str) -> None:
    """Give the application its queue, in Redis if there is one, otherwise in a file.

    Forums that share a Redis or a directory keep apart by their databases. What waits is pickled,
    and signed: who can only write to Redis shall run nothing here.
    Raises `ConfigurationError` for a file that cannot be written.
    """
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    name = f"crossroads-{blake2b(database.encode(), digest_size=8).hexdigest()}"
    file = Path(app.instance_path) / FILE
    if not redis_url:
        refuse_unwritable(file)

    @cache
    def queue() -> "Huey":
        from huey import RedisHuey, SqliteHuey  # loads a driver for each of its databases
        from huey.serializer import SignedSerializer

        options = {"results": False, "serializer": SignedSerializer(app.secret_key, name)}
        if redis_url:
            return RedisHuey(name, url=redis_url, **options)
        return SqliteHuey(name, filename=str(file), fsync=False, **options)

    app.extensions["queue"] = queue
    add_gauge(app, "queue_depth", "Work that waits for a worker.", lambda: len(queue()))


def current_queue() -> "Huey":
    """The queue of the current application."""
    queue: Callable[[], Huey] = current_app.extensions["queue"]
    return queue()
