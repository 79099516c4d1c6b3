"""Rendered answers to passers-by, kept in process and never stale.

A WSGI layer in front of the application: an answer that it marks `Cache-Control: public` is kept
with the moment at which it was computed, and given again while nothing it depends on has changed
(`forum.core.changes`). A view that depends on one topic only says so with `depends_on`.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from flask import Flask, Response, request
from werkzeug.http import is_resource_modified, unquote_etag

from forum.core.changes import Changes

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Key = tuple[str, str, str]

TOPIC = "page_cache.topic"
ROUTE = "page_cache.route"
"""Under these names the application leaves word in the request's environment."""

CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
OF_THE_BODY = frozenset({"Content-Type", "Content-Length"})
KEPT_SECONDS = 60.0
"""Nothing is kept longer, for what somebody changes past the application, directly in a table."""
OVERHEAD = 1_000
"""Bytes that an entry costs besides its body, roughly."""


def init_app(app: Flask) -> None:
    """Let every answer tell which route it is of."""

    @app.after_request
    def tell_route(response: Response) -> Response:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule
        return response


def depends_on(topic: str) -> None:
    """Say that the current answer changes only with `topic`."""
    request.environ[TOPIC] = topic


@dataclass(frozen=True)
class _Answer:
    """An answer as it goes out, but for the request's id."""

    moment: int
    topic: str | None
    computed_at: float
    route: str
    headers: Headers
    etag: str
    body: bytes

    @property
    def last_modified(self) -> str | None:
        return next((value for name, value in self.headers if name == "Last-Modified"), None)

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


class PageCache:
    """The layer; `max_bytes` bounds what is kept, the longest unused goes first.

    `on_hit(environ, route)` is told of requests that the application does not get to see, and
    gives the request's id.
    """

    def __init__(
        self,
        app: Any,
        changes: Changes,
        max_bytes: int,
        on_hit: Callable[[Environ, str], str],
    ) -> None:
        self._app = app
        self._changes = changes
        self._max_bytes = max_bytes
        self._on_hit = on_hit
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._computing: dict[Key, tuple[Lock, int]] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            untouched: Iterable[bytes] = self._app(environ, start_response)
            return untouched
        key = _key(environ)
        answer = self._find(key)
        if answer is not None:
            return self._repeat(answer, environ, start_response)
        with self._turn(key):
            answer = self._find(key)
            if answer is not None:
                return self._repeat(answer, environ, start_response)
            return self._compute(key, environ, start_response)

    def _find(self, key: Key) -> _Answer | None:
        now = self._now()
        answer = self._answers.get(key)
        if now is None or answer is None:
            return None
        unchanged = self._changes.is_unchanged(answer.topic, answer.moment)
        if unchanged and monotonic() - answer.computed_at < KEPT_SECONDS:
            with self._lock:
                if key in self._answers:
                    self._answers.move_to_end(key)
            return answer
        return None

    def _now(self) -> int | None:
        """The present moment; None while the database does not tell."""
        try:
            return self._changes.now()
        except Exception:  # noqa: BLE001 - drivers raise their own; the application will tell
            return None

    def _compute(self, key: Key, environ: Environ, start_response: Any) -> Iterable[bytes]:
        moment = self._now()
        whole = {n: v for n, v in environ.items() if n not in CONDITIONS}
        whole["REQUEST_METHOD"] = "GET"
        status, headers, body = _run(self._app, whole)
        found = dict(headers)
        if moment is None or not status.startswith("200") or "ETag" not in found:
            start_response(status, headers)
            return [body if environ["REQUEST_METHOD"] == "GET" else b""]
        answer = _Answer(
            moment=moment,
            topic=whole.get(TOPIC),
            computed_at=monotonic(),
            route=whole.get(ROUTE, ""),
            headers=[(n, v) for n, v in headers if n != "X-Request-ID"],
            etag=found["ETag"],
            body=body,
        )
        if found.get("Cache-Control", "").startswith("public"):
            self._keep(key, answer)
        return _give(answer, found["X-Request-ID"], environ, start_response)

    def _repeat(self, answer: _Answer, environ: Environ, start_response: Any) -> Iterable[bytes]:
        return _give(answer, self._on_hit(environ, answer.route), environ, start_response)

    def _keep(self, key: Key, answer: _Answer) -> None:
        with self._lock:
            before = self._answers.pop(key, None)
            self._bytes += answer.size - (before.size if before else 0)
            self._answers[key] = answer
            while self._bytes > self._max_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size

    @contextmanager
    def _turn(self, key: Key) -> Iterator[None]:
        """One at a time computes an answer; who waited finds it."""
        with self._lock:
            turn, waiting = self._computing.get(key, (Lock(), 0))
            self._computing[key] = (turn, waiting + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, waiting = self._computing.pop(key)
                if waiting > 1:
                    self._computing[key] = (turn, waiting - 1)


def _key(environ: Environ) -> Key:
    """Path, query and origin apart, for a path may hold an escaped question mark."""
    return environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get("HTTP_ORIGIN", "")


def _run(app: Any, environ: Environ) -> tuple[str, Headers, bytes]:
    """Status, headers and body of the application's answer."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _exc_info: Any = None) -> None:
        started.append((status, headers))

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return *started[-1], body


def _give(
    answer: _Answer, request_id: str, environ: Environ, start_response: Any
) -> Iterable[bytes]:
    headers = [*answer.headers, ("X-Request-ID", request_id)]
    if _is_known(answer, environ):
        start_response("304 NOT MODIFIED", [h for h in headers if h[0] not in OF_THE_BODY])
        return [b""]
    start_response("200 OK", headers)
    return [answer.body if environ["REQUEST_METHOD"] == "GET" else b""]


def _is_known(answer: _Answer, environ: Environ) -> bool:
    """Whether the caller holds this very answer (RFC 9110, section 13)."""
    if not any(condition in environ for condition in CONDITIONS):
        return False
    return not is_resource_modified(
        environ, etag=unquote_etag(answer.etag)[0], last_modified=answer.last_modified
    )
