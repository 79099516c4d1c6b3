"""`python -m forum.cli.server HOST PORT WORKERS [alone]`: what `flask serve` becomes.

It imports what its workers need and forks them. Unless it serves alone, it forks and watches one
more process, which does the background work.
"""

import gc
import multiprocessing
import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from multiprocessing.util import Finalize
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from forum.cli.background import background_work, end_with_parent, named

if TYPE_CHECKING:
    from flask import Flask

    from forum.core.http.arrival import Arrival

APPLICATION = "forum.app:create_served_app"
THREADS = 64
"""Per worker, started when needed: every request that is still arriving holds one."""
SENDERS = 48
"""Of these threads, how many may wait for bodies to arrive."""
REQUESTS_AT_ONCE = 8
"""Per worker; the database's pool has a connection for each."""
CONNECTIONS = 512
"""Per worker; idle ones count."""
HEADERS_WITHIN_MS = 15_000
HEADERS_MAX_BYTES = 64 * 1024
STOP_WITHIN_SECONDS = 6
"""With what the background work may take, less than the ten seconds after which Docker kills."""


def serve(
    host: str,
    port: int,
    workers: int,
    make_app: str = APPLICATION,
    beside: AbstractContextManager[None] | None = None,
) -> None:
    """Run processes that each serve what `make_app`, a `module:function`, makes.

    Returns after SIGTERM or SIGINT; meanwhile there is what is `beside`. Processes are forked from
    what is only imported here: they share its memory, which the collector is kept from touching,
    and inherit no connection.
    """
    multiprocessing.set_start_method("fork", force=True)
    gc.disable()  # it would look through ever more modules, in vain
    named(make_app)
    gc.freeze()
    gc.enable()
    server = MPServer(
        make_app,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=HEADERS_MAX_BYTES
        ),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig={"loggers": {"_granian": {}, "granian.access": {}}},
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_SECONDS,
    )
    _stop_when_the_terminal_closes(server)
    with beside or nullcontext():
        server.serve(target_loader=load_in_worker)


def load_in_worker(make_app: str) -> "Arrival":
    """The application that `module:function` makes, in a process that ends when the server's does.

    The server alone tells it to stop.
    """
    end_with_parent()
    from forum.core.http.arrival import Arrival

    app = cast("Flask", named(make_app)())
    Finalize(None, _close_connections, (app,), exitpriority=0)  # forks end without `atexit`
    return Arrival(
        app, app.config["MAX_CONTENT_LENGTH"], receiving=SENDERS, at_once=REQUESTS_AT_ONCE
    )


def _close_connections(app: "Flask") -> None:
    from forum.core.db import db

    with app.app_context():
        db.engine.dispose()


def _stop_when_the_terminal_closes(server: MPServer) -> None:
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stop = partial(signal.signal, signal.SIGHUP, server.signal_handler_interrupt)
        server.on_startup(stop)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="crossroads-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        beside = None if sys.argv[4:] else background_work()
        serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), beside=beside)
