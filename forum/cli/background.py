"""The process beside the server that does the background work, for as long as the server runs."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

COMMAND = (sys.executable, "-m", "forum.worker.process", "attached")
LOOK_EVERY_SECONDS = 0.2
AGAIN_AFTER_SECONDS = 2.0
STOP_WITHIN_SECONDS = 3.0


@contextmanager
def background_work() -> Iterator[None]:
    """Meanwhile a process is at work; it is started again if it ends, and stopped in the end."""
    stopping = Event()
    keeper = Thread(target=_keep_at_work, args=(stopping,))
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def _keep_at_work(stopping: Event) -> None:
    while not stopping.is_set():
        _let_work(stopping)
        stopping.wait(AGAIN_AFTER_SECONDS)


def _let_work(stopping: Event) -> None:
    """In a group of its own it is spared the terminal's Ctrl-C; its input ends when we do."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, process_group=0) as worker:  # noqa: S603 - no caller's words
        while worker.poll() is None and not stopping.wait(LOOK_EVERY_SECONDS):
            pass
        worker.terminate()
        try:
            worker.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
