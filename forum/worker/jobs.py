"""What the worker does by itself from time to time."""

from pathlib import Path

from flask import Flask
from huey import Huey, crontab

from forum.accounts.commands import forget_expired_sessions
from forum.core import idempotency
from forum.core.db import db, writing

HEARTBEAT = "worker.alive"


def schedule(app: Flask, queue: Huey) -> None:
    """Put the periodic work of the application into its queue."""

    @queue.periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]  # Huey has no types
    def tidy() -> None:
        with app.app_context():
            forget_expired()

    @queue.periodic_task(crontab())  # type: ignore[untyped-decorator]  # Huey has no types
    def beat() -> None:
        show_life(Path(app.instance_path))


def forget_expired() -> None:
    """Remove what has expired and is no longer looked at: sessions and kept answers."""
    with writing():
        forget_expired_sessions(db.session())
        idempotency.forget_expired(db.session())
        db.session.commit()


def show_life(directory: Path) -> None:
    """Renew the time of a file, every minute: how old it is tells whether work is being done."""
    (directory / HEARTBEAT).touch()
