"""A mail server that hangs holds a few threads of the worker, and nothing else."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from forum.core.db import db, writing
from forum.core.mail.jobs import CONNECTIONS, TOGETHER
from forum.core.outbox import Event, Happened, on, record
from forum.worker.hands import Hands
from forum.worker.relay import Relay
from tests.core.mail.notes import queue_note
from tests.waiting import LONGEST_SECONDS, wait_until

heard: list[int] = []


@dataclass(frozen=True)
class BellRung(Event):
    pass


@on(BellRung)
def hear(session: Session, happened: Happened) -> None:
    heard.append(happened.id)


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and says nothing."""
    heard.clear()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LONGEST_SECONDS)
        yield listener


@contextmanager
def at_work(app: Flask) -> Iterator[None]:
    """Meanwhile the worker's threads do what is due."""
    free, stopped = Flag(), Flag()
    hands = Hands(app, free)
    relay = Thread(target=Relay(app, hands.room, hands.take).run, args=(free, stopped))
    relay.start()
    try:
        yield
    finally:
        stopped.set()
        free.set()
        relay.join()
        hands.rest()


def test_while_mail_hangs_others_are_told(
    make_app: Callable[..., Flask], silent: socket.socket
) -> None:
    app = make_app(FORUM_SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
    with app.app_context():
        for number in range(CONNECTIONS * TOGETHER):
            queue_note(db.session(), f"{number}")
        with at_work(app):
            hanging = [silent.accept()[0] for _ in range(CONNECTIONS)]
            with writing():
                record(db.session(), BellRung())
                db.session.commit()
            wait_until(lambda: heard)
            for connection in hanging:
                connection.close()
