"""`python -m forum.worker.process`: what `flask worker` becomes. `flask serve` forks it, too.

Huey carries claims from those who look for work to those who do it, on whatever machine. What it
loses on the way is found again when the lease of the claim is over.
"""

import os
import sys
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING

from forum.core import sqlite
from forum.core.db import db
from forum.worker.hands import Hands
from forum.worker.jobs import hand_over, schedule
from forum.worker.queue import current_queue
from forum.worker.relay import Relay

if TYPE_CHECKING:
    from flask import Flask
    from huey import Huey

THREADS = 2
"""They only hand work over, and do what is periodic."""
LONGEST_PAUSE_SECONDS = 0.2
"""Between two looks into a queue that cannot tell when something comes, as Redis does."""
AFTER_A_FAILURE_SECONDS = 10.0
NICENESS = 10
"""Beside a server, whose requests come first: people wait for their answers."""
FINISH_WITHIN_SECONDS = 2.0
"""Work that takes longer is begun again by another worker, when its lease is over."""


def run() -> None:
    """Work in the background until SIGTERM or Ctrl-C, and end the process."""
    app: Flask = import_module("forum.base").create_base_app()
    with app.app_context():
        _work(app, current_queue())
        db.engine.dispose()
    sys.stdout.flush()
    os._exit(0)  # threads that still wait for somebody's answer keep no process alive


def run_beside_server() -> None:
    """The same in a process that gives way to the server's."""
    os.nice(NICENESS)
    sqlite.give_way()
    run()


def _work(app: "Flask", queue: "Huey") -> None:
    free, stopped = Event(), Event()
    hands = Hands(app, free)
    hand_on = hand_over(queue, hands)
    schedule(app, queue)
    relay = Relay(app, lambda kind: 0 if len(queue) else hands.room(kind), hand_on)
    looking = Thread(target=relay.run, args=(free, stopped), daemon=True)
    looking.start()
    _consume(queue)
    stopped.set()
    resting = Thread(target=hands.rest, daemon=True)
    resting.start()
    resting.join(FINISH_WITHIN_SECONDS)


def _consume(queue: "Huey") -> None:
    waits_by_itself = queue.storage.blocking
    queue.create_consumer(
        workers=THREADS,
        initial_delay=LONGEST_PAUSE_SECONDS / 4,
        max_delay=AFTER_A_FAILURE_SECONDS if waits_by_itself else LONGEST_PAUSE_SECONDS,
        graceful_signal="TERM",
        shutdown_timeout=FINISH_WITHIN_SECONDS,
    ).run()


if __name__ == "__main__":
    run()
