"""The queue of background work: Huey, in a SQLite file beside the embedded database or in Redis."""

from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey

from forum.config import refuse_unwritable

NAME = "crossroads"


def make_queue(redis_url: str, directory: Path) -> Huey:
    """A queue in Redis if there is one, otherwise in `directory`; raises `ConfigurationError`."""
    if redis_url:
        return RedisHuey(NAME, url=redis_url, results=False)
    file = directory / "queue.db"
    refuse_unwritable(file)
    return SqliteHuey(NAME, filename=str(file), results=False)
