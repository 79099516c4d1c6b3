"""The server that `flask serve` becomes: it forks the processes that serve an application."""

import gc
import multiprocessing
import signal
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing.util import Finalize

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from forum.cli.background import end_with_parent
from forum.core.db import db
from forum.core.http.arrival import Arrival

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
    app: Flask,
    host: str,
    port: int,
    workers: int,
    beside: AbstractContextManager[None],
) -> None:
    """Run processes that serve an application which has been made, but not used yet.

    Returns after SIGTERM or SIGINT; meanwhile there is what is `beside`. Processes are forked: they
    share the memory of this one, which the collector is kept from touching, and inherit no
    connection.
    """
    multiprocessing.set_start_method("fork", force=True)
    gc.freeze()
    server = MPServer(
        app.import_name,
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
    with beside:
        server.serve(target_loader=partial(_in_worker, app), wrap_loader=False)


def _in_worker(app: Flask) -> Arrival:
    """What a process serves that ends when this one does, which alone tells it to stop."""
    end_with_parent()
    Finalize(None, _close_connections, (app,), exitpriority=0)  # forks end without `atexit`
    return Arrival(
        app, app.config["MAX_CONTENT_LENGTH"], receiving=SENDERS, at_once=REQUESTS_AT_ONCE
    )


def _close_connections(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _stop_when_the_terminal_closes(server: MPServer) -> None:
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        stop = partial(signal.signal, signal.SIGHUP, server.signal_handler_interrupt)
        server.on_startup(stop)
