"""The process beside the server that does the background work, for as long as the server runs.

It is forked from the server, whose memory it shares, and which must have no other thread by then
that holds a lock: it is imported before, and only waits afterwards.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import Process, parent_process
from threading import Event, Thread

WORK = "forum.worker.process:run_beside_server"
LOOK_EVERY_SECONDS = 0.2
AGAIN_AFTER_SECONDS = 2.0
STOP_WITHIN_SECONDS = 3.0


@contextmanager
def background_work() -> Iterator[None]:
    """Meanwhile a process is at work; it is forked again if it ends, and stopped in the end."""
    stopping = Event()
    keeper = Thread(target=_keep_at_work, args=(_forked(), stopping))
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        keeper.join()


def end_with_parent() -> None:
    """Let this process stop when the one it was forked from has ended, and by no Ctrl-C before."""
    os.setpgrp()
    Thread(target=_follow_parent, daemon=True).start()


def named(function: str) -> Callable[..., object]:
    """What `module:function` names."""
    module, _, name = function.partition(":")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found


def _keep_at_work(worker: Process, stopping: Event) -> None:
    while _has_ended(worker, stopping):
        if stopping.wait(AGAIN_AFTER_SECONDS):
            return
        worker = _forked()


def _has_ended(worker: Process, stopping: Event) -> bool:
    """Wait until the worker has ended by itself; False when it was stopped."""
    while worker.is_alive():
        if stopping.wait(LOOK_EVERY_SECONDS):
            worker.terminate()
            worker.join(STOP_WITHIN_SECONDS)
            worker.kill()
            return False
    return True


def _forked() -> Process:
    worker = Process(target=_work, args=(named(WORK),), daemon=True)
    worker.start()
    return worker


def _work(run: Callable[[], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)  # the server's own handlers came along
    end_with_parent()
    run()


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
