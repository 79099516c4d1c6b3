"""The queue of background work: Huey, in a SQLite file beside the embedded database or in Redis."""

from pathlib import Path

from huey import Huey, RedisHuey, SqliteHuey

NAME = "crossroads"


def make_queue(redis_url: str, directory: Path) -> Huey:
    """A queue in Redis if there is one, otherwise in `directory`."""
    if redis_url:
        return RedisHuey(NAME, url=redis_url, results=False)
    directory.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(directory / "queue.db"), results=False)
