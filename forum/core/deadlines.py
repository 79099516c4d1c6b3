"""Connections to others that are made, and over, by a moment of `time.monotonic`."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread


def left(deadline: float) -> float:
    """How many seconds are left; never none, which would be a socket that does not wait."""
    return max(0.001, deadline - time.monotonic())


def resolved(host: str, deadline: float) -> list[str]:
    """All addresses of a name, as long as we wait; the system's resolver may take far longer.

    Raises `TimeoutError`, and another `OSError` or `UnicodeError` for a name that does not exist.
    """
    found: Future[list[str]] = Future()
    Thread(target=_resolve, args=(host, found), daemon=True).start()
    return found.result(left(deadline))


def first_open(addresses: Sequence[str], port: int, deadline: float) -> socket.socket:
    """Raises the `OSError` of the last address if none of them accepts a connection."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), left(deadline) / 2)
    return socket.create_connection((addresses[-1], port), left(deadline))


def cut(connection: socket.socket) -> None:
    """Let the thread that reads or writes find nobody at the other side."""
    with suppress(OSError):  # closed already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _resolve(host: str, found: Future[list[str]]) -> None:
    try:
        known = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        found.set_result(list(dict.fromkeys(str(address[0]) for *_, address in known)))
    except (OSError, UnicodeError) as error:
        found.set_exception(error)
