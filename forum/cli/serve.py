"""`flask serve`: the production server, and where to look once it runs."""

import atexit
import multiprocessing
import os
import signal
import socket
from functools import partial
from tempfile import TemporaryDirectory
from threading import Thread

import click
from flask import Flask
from flask.cli import with_appcontext
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer
from sqlalchemy.exc import OperationalError
from werkzeug.utils import import_string

from forum import examples
from forum.accounts.models import MODERATOR
from forum.accounts.passwords import verify_password
from forum.accounts.queries import find_for_login
from forum.cli.database import no_answer, refuse_other_revision
from forum.config import misnamed
from forum.core.db import db
from forum.core.http.arrival import Arrival
from forum.posts.queries import posts

TARGET = "wsgi:app"
THREADS = 64
"""Per worker, started when needed: every request that is still arriving holds one."""
SENDERS = 48
"""Of these threads, how many may wait for bodies to arrive."""
REQUESTS_AT_ONCE = 8
"""Per worker; the database's pool has a connection for each."""
CONNECTIONS = 512
"""Per worker; idle ones count."""
HEADERS_WITHIN_MS = 15_000
HEADERS_MAX_BYTES = 64 * 1024
STOP_WITHIN_SECONDS = 8
"""Less than the ten seconds after which Docker kills."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def _number(name: str, low: int, high: int | None = None) -> click.IntRange:
    kind = click.IntRange(low, high)
    kind.name = name  # what a message calls it
    return kind


PORT = _number("port number", 1, 65535)
WORKERS = _number("number of workers", 1)


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", type=PORT, default=8000, show_default=True)
@click.option("--workers", envvar="WEB_CONCURRENCY", type=WORKERS, default=2, show_default=True)
@with_appcontext
def serve_command(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that have begun are answered first."""
    refuse_taken_port(host, port)
    for line in misnamed(os.environ):
        click.echo(line, err=True)
    site = site_at(host, port)
    os.environ["FORUM_BASE_URL"] = os.environ.get("FORUM_BASE_URL") or site
    click.echo(announcement(site, *_sights()))
    db.session.remove()
    db.engine.dispose()
    with TemporaryDirectory(prefix="crossroads-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        serve(host, port, workers)


def serve(host: str, port: int, workers: int, target: str = TARGET) -> None:
    """Run `workers` processes that each load `target`; returns after SIGTERM or SIGINT.

    Workers are spawned rather than forked: they inherit no connection, and read the environment.
    """
    multiprocessing.set_start_method("spawn", force=True)
    server = MPServer(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=HEADERS_MAX_BYTES
        ),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {"_granian": {}, "granian.access": {}}},
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_SECONDS,
    )
    _stop_when_the_terminal_closes(server)
    server.serve(target_loader=load_in_worker)


def load_in_worker(target: str) -> Arrival:
    """The application at `module:name`, in a process that ends when the server's does.

    In a group of its own it is spared the terminal's Ctrl-C: the server alone tells it to stop.
    """
    os.setpgrp()
    atexit.register(os._exit, 0)  # Granian's threads abort in Python's own teardown
    Thread(target=_follow_parent, daemon=True).start()
    app: Flask = import_string(target)
    atexit.register(_close_connections, app)
    return Arrival(
        app, app.config["MAX_CONTENT_LENGTH"], receiving=SENDERS, at_once=REQUESTS_AT_ONCE
    )


def refuse_taken_port(host: str, port: int) -> None:
    """Raise `click.ClickException` where the server, which shares its port, would start anyway."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


def site_at(host: str, port: int) -> str:
    """The address at which a server that listens there is reached from its own machine."""
    reached = EVERYWHERE.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def announcement(site: str, post: str | None, sign_in: tuple[str, str] | None) -> str:
    """Where to look: `site` without a trailing slash, a post's slug, a login and its password."""
    places = [
        ("The posts", "/"),
        *([("A discussion", f"/posts/{post}")] if post else []),
        ("The API", "/docs"),
        ("New replies", "/feeds/replies.atom"),
    ]
    lines = [f"  {name:<14}{site}{path}" for name, path in places]
    if sign_in:
        lines.append("  {:<14}{} / {}".format("Moderator", *sign_in))
    return "\n".join([f"Crossroads serves on {site} until Ctrl-C.", *lines])


def demo_sign_in() -> tuple[str, str] | None:
    """The published sign-in, but only where it is one; somebody else may have the name."""
    member = find_for_login(db.session(), examples.LOGIN)
    if member is None or member.role != MODERATOR:
        return None
    works = verify_password(member.password_hash, examples.PASSWORD)
    return (examples.LOGIN, examples.PASSWORD) if works else None


def _sights() -> tuple[str | None, tuple[str, str] | None]:
    """The liveliest post and the demo's sign-in, where there are such; without a database none."""
    try:
        refuse_other_revision()
        return _liveliest_post(), demo_sign_in()
    except OperationalError as error:
        click.echo(f"{no_answer(error)} Requests are answered 503 until it does.", err=True)
        return None, None


def _liveliest_post() -> str | None:
    page = posts(db.session(), "active", None, limit=1)
    return next((post.slug for post in page.items), None)


def _close_connections(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _stop_when_the_terminal_closes(server: MPServer) -> None:
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stop = partial(signal.signal, signal.SIGHUP, server.signal_handler_interrupt)
        server.on_startup(stop)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
