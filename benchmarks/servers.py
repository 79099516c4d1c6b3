"""Starting one server, waiting for its first answer, weighing it and stopping it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.http import HOST, Answer, Request, fetch

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
FIRST_ANSWER_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 20


@dataclass(frozen=True)
class Program:
    """What is started: in `command`, `{port}` stands for the port; `ready` is what it answers."""

    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Request


@dataclass(frozen=True)
class Server:
    """A running program."""

    port: int
    process: psutil.Process
    seconds_to_start: float

    def fetch(self, request: Request) -> Answer:
        """One answer."""
        return fetch(self.port, request)

    def memory(self) -> float:
        """Megabytes of the process and all below it; of what some share, each counts its part.

        Where the system does not tell (other than Linux), shared pages count for each.
        """
        return sum(map(_memory_of, self._processes())) / 1e6

    def processor_seconds(self) -> float:
        """What the process and all below it have taken of the processors."""
        times = [process.cpu_times() for process in self._processes()]
        return sum(time.user + time.system for time in times)

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def _memory_of(process: psutil.Process) -> int:
    memory = process.memory_full_info()
    return int(getattr(memory, "pss", memory.rss))


def python(*arguments: str) -> list[str]:
    """A command of this interpreter."""
    return [sys.executable, *arguments]


@contextmanager
def running(program: Program, log: Path) -> Iterator[Server]:
    """The program's server, which has answered; stopped with all its processes in the end."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in program.command]
    environment = {**os.environ, **program.environment, "PORT": str(port)}
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait_for_answer(port, program.ready, process, log)
        yield Server(port, psutil.Process(process.pid), time.perf_counter() - begin)
    finally:
        _stop(process)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for_answer(
    port: int, request: Request, process: "subprocess.Popen[bytes]", log: Path
) -> None:
    deadline = time.monotonic() + FIRST_ANSWER_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            if fetch(port, request).status < 400:
                return
        time.sleep(0.01)
    raise RuntimeError(f"No answer from {process.args!r}:\n{log.read_text(errors='replace')}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPPED_WITHIN_SECONDS)
        _, alive = psutil.wait_procs(family, timeout=1)
        for left in alive:
            left.kill()
    if process.poll() is None:
        process.kill()
        process.wait()
