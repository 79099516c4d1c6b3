"""Refresh tokens that are replayed, and names that are raced for: `python -m benchmarks.keys`.

Every replayed token has to end its family, and of names that look alike one has to be given away.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from benchmarks.databases import NAMES, databases, disk, only_run, settings_for
from benchmarks.http import Answer, Request
from benchmarks.servers import ROOT, Program, Server, python, running

FLASK = python("-m", "flask", "--app", "wsgi")
FOLDER = disk()
PASSWORD = "three quiet harbour lights"
LOGIN = {"login": "noor", "password": PASSWORD}
ROTATIONS = 5
AT_ONCE = 8


@click.command()
@click.option("--families", type=click.IntRange(1), default=200, show_default=True)
@click.option("--registrations", type=click.IntRange(AT_ONCE), default=1000, show_default=True)
@click.option("--database", type=click.Choice([*NAMES]), multiple=True, default=[*NAMES])
def main(families: int, registrations: int, database: Sequence[str]) -> None:
    """Replay a token of every family, and race for names; fails where somebody gets through."""
    rounds = registrations // AT_ONCE
    with only_run(FOLDER):
        for kind in database:
            with databases(kind, FOLDER) as kept, kept.empty() as url, _served(url) as server:
                _register(server, "noor")
                survivors = sum(_outlives_a_replay(server, n) for n in range(families))
                wrong = sum(_accounts_of(server, n) != 1 for n in range(rounds))
            click.echo(f"{NAMES[kind]}: {survivors} of {families} families outlived a replay,")
            click.echo(f"  and {wrong} of {rounds} races for a name did not end with one account.")
            if survivors or wrong:
                raise click.ClickException("Somebody got through.")


@contextmanager
def _served(url: str) -> Iterator[Server]:
    settings = {**settings_for(url), "FORUM_LOG_LEVEL": "WARNING"}
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env={**os.environ, **settings}, check=True)
    command = [*FLASK, "serve", "--no-worker", "--port", "{port}"]
    program = Program(command, settings, Request("GET", "/healthz"))
    with TemporaryDirectory() as own, running(program, Path(own) / "log") as server:
        yield server


def _outlives_a_replay(server: Server, number: int) -> bool:
    """Whether anything of a family is good after one of its spent tokens was sent once more."""
    pairs = [_post(server, "/auth/login", LOGIN).json]
    for _ in range(ROTATIONS):
        pairs.append(_refresh(server, pairs[-1]).json)
    replayed = _refresh(server, pairs[number % ROTATIONS])
    after = [_refresh(server, pair).status for pair in pairs]
    after += [_me(server, pair).status for pair in pairs]
    return replayed.json["code"] != "token-reused" or {*after} != {401}


def _accounts_of(server: Server, number: int) -> int:
    """How many get an account of those who want names that look alike, all at once."""
    name = f"modern-{''.join('abcdefgh'[int(digit)] for digit in f'{number:o}')}"
    alike = (name, name.upper(), name.title(), name.replace("m", "rn"), name.replace("o", "0"))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in name)
    names = (*alike, name.replace("o", "O"), wide, name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [*pool.map(lambda wanted: _register(server, wanted), names)]
    assert {answer.status for answer in answers} <= {201, 409, 422}
    return sum(answer.status == 201 for answer in answers)


def _register(server: Server, name: str) -> Answer:
    account = {"username": name, "email": f"{os.urandom(8).hex()}@example.org"}
    return _post(server, "/auth/register", {**account, "password": PASSWORD})


def _refresh(server: Server, pair: Mapping[str, str]) -> Answer:
    return _post(server, "/auth/refresh", None, pair["refresh_token"])


def _me(server: Server, pair: Mapping[str, str]) -> Answer:
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    return server.fetch(Request("GET", "/api/v1/me", headers))


def _post(server: Server, path: str, body: Any, token: str = "") -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return server.fetch(Request("POST", f"/api/v1{path}", headers, body))


if __name__ == "__main__":
    main()
