"""The server keeps a process at background work, which goes with it."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.ops.test_serve import SECONDS_TO_STOP, Server, copied, serving
from tests.waiting import wait_until


@pytest.fixture
def server(sqlite_template: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(copied(sqlite_template, tmp_path), tmp_path, workers=1) as running:
        yield running


def workers(server: Server) -> list[psutil.Process]:
    """The processes beside the server that do background work: they give way to all others."""
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if is_worker(child)]


def is_worker(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # so is one that has ended
        return process.nice() > psutil.Process().nice()
    return False


def the_worker(server: Server) -> psutil.Process:
    wait_until(lambda: workers(server))
    return workers(server)[0]


def test_a_worker_that_was_killed_is_started_again(server: Server) -> None:
    first = the_worker(server)
    first.kill()
    wait_until(lambda: [each for each in workers(server) if each.pid != first.pid])


def test_the_worker_stops_with_the_server(server: Server) -> None:
    worker = the_worker(server)
    server.process.terminate()
    server.process.wait(SECONDS_TO_STOP)
    assert not worker.is_running()


def test_the_worker_ends_when_the_server_is_killed(server: Server) -> None:
    worker = the_worker(server)
    os.kill(server.process.pid, signal.SIGKILL)
    worker.wait(SECONDS_TO_STOP)


def test_a_server_can_serve_alone(sqlite_template: Path, tmp_path: Path) -> None:
    database_url = copied(sqlite_template, tmp_path)
    with serving(database_url, tmp_path, 1, "--no-worker") as alone:
        assert workers(alone) == []
