"""Requests are worked on once they have arrived: who sends slowly holds a thread, and no more."""

import io
from collections.abc import Iterable
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Arrival:
    """Reads bodies of up to `max_bytes` and then gives the application `at_once` of them to do.

    So a slow sender keeps neither a database connection nor a lock, and many threads may wait
    for slow senders while few compete for the interpreter. A longer body is left unread for the
    application to refuse.
    """

    def __init__(self, app: "WSGIApplication", max_bytes: int, at_once: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._turns = BoundedSemaphore(at_once)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if _announced_bytes(environ) <= self._max_bytes:
            self._receive(environ)
        with self._turns:
            return self._app(environ, start_response)

    def _receive(self, environ: "WSGIEnvironment") -> None:
        body = environ["wsgi.input"].read(self._max_bytes + 1)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)  # chunks are one piece now, of known length


def _announced_bytes(environ: "WSGIEnvironment") -> int:
    if "HTTP_TRANSFER_ENCODING" in environ:  # overrides the length, RFC 9112, section 6.3
        return 0
    return int(environ.get("CONTENT_LENGTH") or 0)
