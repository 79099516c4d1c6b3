"""What the worker does: what is handed to it, and by itself from time to time."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from huey import Huey, crontab

from forum.accounts import guests, identities, mailed_tokens, seen_addresses, sessions
from forum.core import idempotency
from forum.core.db import db, writing
from forum.core.mail import outgoing as mail
from forum.core.work import Claim
from forum.moderation.queue import snapshots
from forum.moderation.spam import commands as spam
from forum.notifications import commands as notifications
from forum.webhooks import commands as webhooks
from forum.worker.hands import Hands

HEARTBEAT = "worker.alive"


def hand_over(queue: Huey, hands: Hands) -> Callable[[Claim], object]:
    """A function that puts a claim into the queue; who takes it from there gives it to `hands`."""

    @queue.task()  # type: ignore[untyped-decorator]  # Huey has no types
    def take(claimed: Claim) -> None:
        hands.take(claimed)

    return take  # type: ignore[no-any-return]  # Huey has no types


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
    """Remove what has expired or is too old: sessions, addresses, answers, mail, news, words."""
    with writing():
        identities.forget_spent(db.session())
        guests.forget_unconfirmed(db.session())
        mailed_tokens.forget_expired(db.session())
        sessions.forget_expired(db.session())
        seen_addresses.forget_old(db.session())
        idempotency.forget_expired(db.session())
        webhooks.forget_old(db.session())
        mail.forget_old(db.session())
        notifications.forget_old(db.session())
        spam.forget_old(db.session())
        snapshots.forget_old(db.session())
        db.session.commit()


def show_life(directory: Path) -> None:
    """Renew the time of a file, every minute: how old it is tells whether work is being done."""
    (directory / HEARTBEAT).touch()
