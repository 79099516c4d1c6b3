"""Requests are worked on once they have arrived: who sends slowly holds a thread, and no more."""

import io
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from forum.core.errors import Unavailable
from forum.core.http.transactions import SAFE_METHODS

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Arrival:
    """Receives bodies, `receiving` at once, and gives the application `at_once` requests to do.

    So a slow sender keeps neither a database connection nor a lock, many may send slowly while few
    compete for the interpreter, and threads are left for those who only read. A body of more than
    `max_bytes` is left unread for the application to refuse.
    """

    def __init__(
        self, app: "WSGIApplication", max_bytes: int, *, receiving: int, at_once: int
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._receivers = _places(receiving)
        self._turns = _places(at_once)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            self._receive(environ)
        turn = self._turns.get()
        try:
            return self._app(environ, start_response)
        finally:
            self._turns.put(turn)

    def _receive(self, environ: "WSGIEnvironment") -> None:
        if _announced_bytes(environ) > self._max_bytes:
            return
        try:
            receiver = self._receivers.get_nowait()
        except Empty:
            environ["wsgi.input"] = _NotReceived()
            return
        try:
            body = environ["wsgi.input"].read(self._max_bytes + 1)
        finally:
            self._receivers.put(receiver)
        environ["wsgi.input"] = io.BytesIO(body)
        environ.pop("wsgi.input_terminated", None)  # so that werkzeug misses what was announced
        if environ.pop("HTTP_TRANSFER_ENCODING", None):  # chunks are one piece now
            environ["CONTENT_LENGTH"] = str(len(body))


def _places(number: int) -> "SimpleQueue[None]":
    """A semaphore; those of `threading` are made in Python, and slow where many wait."""
    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(number):
        places.put(None)
    return places


class _NotReceived(io.RawIOBase):
    """A body that nobody was free to wait for."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: "WriteableBuffer") -> int:
        raise Unavailable(headers={"Retry-After": "2", "Connection": "close"})


def _announced_bytes(environ: "WSGIEnvironment") -> int:
    if "HTTP_TRANSFER_ENCODING" in environ:  # overrides the length, RFC 9112, section 6.3
        return 0
    return int(environ.get("CONTENT_LENGTH") or 0)
