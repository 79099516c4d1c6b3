"""What refused sign-ins tell, and what many at once take: `python -m benchmarks.signing_in`.

Unknown names, wrong passwords, accounts without one and suspended members have to be answered
alike, and so much at the same pace that who measures cannot tell them apart.
"""

import os
import subprocess
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event

import click

from benchmarks.databases import NAMES, databases, disk, only_run, settings_for
from benchmarks.http import Answer, Request
from benchmarks.servers import ROOT, Program, Server, python, running
from forum.accounts import sanctions
from forum.accounts.commands import NewMember, add_member
from forum.accounts.identity import viewer_of
from forum.accounts.models import SUSPEND
from forum.accounts.sanctions import NewSanction
from forum.app import create_app
from forum.core.db import db, writing

FLASK = python("-m", "flask", "--app", "wsgi")
FOLDER = disk()
PASSWORD = "three quiet harbour lights"
WRONG = "another quiet harbour light"
KINDS = {
    "unknown name": {"login": "nobody", "password": WRONG},
    "wrong password": {"login": "noor", "password": WRONG},
    "without password": {"login": "from-the-blog", "password": WRONG},
    "suspended": {"login": "suspended", "password": PASSWORD},
}
ITS_OWN = frozenset({"date", "x-request-id"})
"""Headers that are another in every answer."""
MOST_APART = 0.05
"""From 0.5, of the area under the curve of a classifier that knows nothing but the time."""
AT_ONCE = 50
MOST_MEGABYTES = 150


@click.command()
@click.option("--attempts", type=click.IntRange(10), default=1000, show_default=True)
@click.option("--database", type=click.Choice([*NAMES]), multiple=True, default=[*NAMES])
def main(attempts: int, database: Sequence[str]) -> None:
    """Sign in in vain, in turn for every reason; fails where the reasons can be told apart."""
    with only_run(FOLDER):
        for kind in database:
            with databases(kind, FOLDER) as kept, kept.empty() as url, _served(url) as server:
                milliseconds = _measure(server, attempts)
                grown = _grown_by_many(server)
            click.echo(f"{NAMES[kind]}:")
            for name, times in milliseconds.items():
                click.echo(f"  {name:18} median {median(times):6.1f} ms")
            apart = max(_apart(*pair) for pair in combinations(milliseconds.values(), 2))
            click.echo(f"  at most {apart:.3f} apart; {AT_ONCE} at once took {grown:.0f} MB more")
            if apart >= MOST_APART or grown > MOST_MEGABYTES:
                raise click.ClickException("That tells too much, or takes too much.")


@contextmanager
def _served(url: str) -> Iterator[Server]:
    settings = {**settings_for(url), "FORUM_LOG_LEVEL": "WARNING"}
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env={**os.environ, **settings}, check=True)
    _populate(settings)
    command = [*FLASK, "serve", "--no-worker", "--port", "{port}"]
    program = Program(command, settings, Request("GET", "/healthz"))
    with TemporaryDirectory() as own, running(program, Path(own) / "log") as server:
        yield server


def _populate(settings: Mapping[str, str]) -> None:
    app = create_app(settings)
    with app.app_context(), writing():
        session = db.session()
        admin = viewer_of(add_member(session, NewMember("ada-admin"), "admin"))
        add_member(session, NewMember("noor", "noor@example.org", PASSWORD))
        add_member(session, NewMember("from-the-blog", "blog@example.org"))
        member = add_member(session, NewMember("suspended", "gone@example.org", PASSWORD))
        drafted = sanctions.draft(session, admin, member.id, NewSanction(SUSPEND, "Spam."))
        sanctions.set_lifted(session, drafted, lifted=False)
        session.commit()


def _measure(server: Server, attempts: int) -> dict[str, list[float]]:
    """Milliseconds by reason, in an order of which nobody can make a pattern."""
    order, chance = [*KINDS] * attempts, Random("interleaved")
    chance.shuffle(order)
    milliseconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    said = set()
    for kind in order:
        begin = time.perf_counter()
        answer = _sign_in(server, KINDS[kind])
        milliseconds[kind].append((time.perf_counter() - begin) * 1e3)
        said.add(_told(answer))
    if len(said) > 1:
        raise click.ClickException(f"Not all are answered alike: {said}")
    return milliseconds


def _told(answer: Answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """All of an answer that is not its own."""
    body = answer.body.replace(answer.headers["x-request-id"].encode(), b"")
    headers = sorted((k, v) for k, v in answer.headers.items() if k not in ITS_OWN)
    return answer.status, body, tuple(headers)


def _apart(some: Sequence[float], others: Sequence[float]) -> float:
    """How far the area under the curve (AUC) of telling them apart is from guessing."""
    ranked = sorted(others)
    wins = sum(bisect_left(ranked, one) + bisect_right(ranked, one) for one in some) / 2
    return abs(wins / (len(some) * len(others)) - 0.5)


def _grown_by_many(server: Server) -> float:
    """Megabytes that the server takes at most while many sign in at once, beyond before."""
    before, over = server.memory(), Event()

    def watch() -> float:
        most = before
        while not over.wait(0.01):
            most = max(most, server.memory())
        return most

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        watching = pool.submit(watch)
        answers = [*pool.map(lambda _: _sign_in(server, KINDS["wrong password"]), range(AT_ONCE))]
        over.set()
        most = watching.result()
    if not {answer.status for answer in answers} <= {401, 503}:
        raise click.ClickException("Not all were answered.")
    return most - before


def _sign_in(server: Server, body: Mapping[str, str]) -> Answer:
    return server.fetch(Request("POST", "/api/v1/auth/login", json=body))


if __name__ == "__main__":
    main()
