"""`flask serve`: the production server, and where to look once it runs."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from typing import TYPE_CHECKING, cast

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from forum import examples
from forum.accounts.models import MODERATOR
from forum.accounts.passwords import verify_password
from forum.accounts.queries import find_for_login
from forum.cli.background import background_work, named
from forum.cli.database import no_answer, refuse_other_revision
from forum.config import misnamed
from forum.core.db import db
from forum.core.metrics import figures_added_up
from forum.posts.queries import posts

if TYPE_CHECKING:
    from flask import Flask

APPLICATION = "forum.app:create_served_app"
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - nothing listens there


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
@click.option("--worker/--no-worker", default=True, help="Also do the background work.")
@with_appcontext
def serve_command(host: str, port: int, workers: int, worker: bool) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that have begun are answered first."""
    refuse_taken_port(host, port)
    for line in misnamed(os.environ):
        click.echo(line, err=True)
    site = site_at(host, port)
    os.environ["FORUM_BASE_URL"] = os.environ.get("FORUM_BASE_URL") or site
    with _meanwhile(lambda: click.echo(announcement(site, *_sights()))):
        from forum.cli import server  # loads Granian, which nothing else needs

        app = cast("Flask", named(APPLICATION)())
    with figures_added_up():
        server.serve(app, host, port, workers, background_work() if worker else nullcontext())


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


@contextmanager
def _meanwhile(look: Callable[[], None]) -> Iterator[None]:
    """Let a process of its own look at the database; if it refuses, nor does this one go on.

    So this one, from which others are forked, has no connection, no thread and no memory of it.
    """
    looking = get_context("fork").Process(target=_look, args=(look,))
    looking.start()
    yield
    looking.join()
    if looking.exitcode:
        raise SystemExit(looking.exitcode)


def _look(look: Callable[[], None]) -> None:
    try:
        look()
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from error
    finally:
        db.session.remove()
        db.engine.dispose()
