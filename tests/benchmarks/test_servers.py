"""Servers that run for a measurement."""

from pathlib import Path

import psutil
import pytest

from benchmarks.http import Request
from benchmarks.servers import Program, python, running

FILES = Program(
    python("-m", "http.server", "--bind", "127.0.0.1", "{port}"), {}, Request("GET", "/")
)


def test_a_server_has_answered_when_it_runs(tmp_path: Path) -> None:
    with running(FILES, tmp_path / "log") as server:
        assert server.fetch(Request("GET", "/")).status == 200


def test_a_server_is_weighed(tmp_path: Path) -> None:
    with running(FILES, tmp_path / "log") as server:
        assert server.memory() > 1


def test_nothing_is_left_running(tmp_path: Path) -> None:
    with running(FILES, tmp_path / "log") as server:
        process = server.process
    assert not psutil.pid_exists(process.pid)


def test_a_program_that_ends_is_told_with_what_it_said(tmp_path: Path) -> None:
    broken = Program(python("-c", "print('no such port')"), {}, Request("GET", "/"))
    with pytest.raises(RuntimeError, match="no such port"), running(broken, tmp_path / "log"):
        pass
