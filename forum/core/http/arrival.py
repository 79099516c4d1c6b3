"""Requests are worked on once they have arrived: who sends slowly holds a thread, and no more.

Who has arrived waits for a turn, and is asked to come again where there are too many to serve soon.
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, request

from forum.core.errors import Unavailable
from forum.core.http.transactions import SAFE_METHODS
from forum.core.turns import Turns

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


TURN_WITHIN_SECONDS = 5.0
"""Nobody is helped by an answer that comes after their patience has ended."""
COME_AGAIN = {"Retry-After": "2"}

_TURNED_AWAY = "forum.turned_away"


def init_app(app: Flask) -> None:
    """Ask those for whom there is no turn to come again."""
    app.before_request(_turn_away)


def _turn_away() -> None:
    if _TURNED_AWAY in request.environ:
        raise Unavailable(headers=COME_AGAIN)


class Arrival:
    """Receives bodies, `receiving` at once, and gives the application `at_once` requests to do.

    So a slow sender keeps neither a database connection nor a lock, many may send slowly while few
    compete for the interpreter, and threads are left for those who only read. A body of more than
    `max_bytes` is left unread for the application to refuse, and so is who waits for `patience`.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        max_bytes: int,
        *,
        receiving: int,
        at_once: int,
        patience: float = TURN_WITHIN_SECONDS,
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._receivers = Turns(receiving)
        self._turns = Turns(at_once)
        self._patience = patience

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            self._receive(environ)
        if not self._turns.take(self._patience):
            return self._app({**environ, _TURNED_AWAY: True}, start_response)
        try:
            return self._app(environ, start_response)
        finally:
            self._turns.give()

    def _receive(self, environ: "WSGIEnvironment") -> None:
        if _announced_bytes(environ) > self._max_bytes:
            return
        if not self._receivers.take(seconds=0):
            environ["wsgi.input"] = _NotReceived()
            return
        try:
            body = environ["wsgi.input"].read(self._max_bytes + 1)
        finally:
            self._receivers.give()
        environ["wsgi.input"] = io.BytesIO(body)
        environ.pop("wsgi.input_terminated", None)  # so that werkzeug misses what was announced
        if environ.pop("HTTP_TRANSFER_ENCODING", None):  # chunks are one piece now
            environ["CONTENT_LENGTH"] = str(len(body))


class _NotReceived(io.RawIOBase):
    """A body that nobody was free to wait for."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: "WriteableBuffer") -> int:
        raise Unavailable(headers={**COME_AGAIN, "Connection": "close"})


def _announced_bytes(environ: "WSGIEnvironment") -> int:
    if "HTTP_TRANSFER_ENCODING" in environ:  # overrides the length, RFC 9112, section 6.3
        return 0
    return int(environ.get("CONTENT_LENGTH") or 0)
