"""Rendered answers to passers-by, kept in process and never stale.

A WSGI layer in front of the application: an answer that it marks `Cache-Control: public` is kept
with the moment at which it was computed, and given again while nothing it depends on has changed
(`forum.core.changes`). A view that depends on one topic only says so with `depends_on`.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from flask import Flask, Response, request
from werkzeug.http import is_resource_modified, unquote_etag

from forum.core.changes import Changes, ChangesUnknown
from forum.core.http.conditions import CONDITIONS

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Key = tuple[str, str, str]

ORDER = "page_cache.order"
TOPIC = "page_cache.topic"
"""Under these names the layer and the application leave word in the request's environment."""

OF_THE_BODY = frozenset({"Content-Type", "Content-Length"})
KEPT_SECONDS = 60.0
"""Nothing is kept longer, for what somebody changes past the application, directly in a table."""
OVERHEAD = 3_000
"""Bytes that an entry costs besides its body and its key, roughly."""
LONGEST_KEY = 16_000
"""Characters; of what is asked for by longer addresses nothing is kept. Counts name many pages."""


def init_app(app: Flask) -> None:
    """Hand whole answers to the layer; to be called before whatever else adds to them."""

    @app.after_request
    def hand_over(response: Response) -> Response:
        order: _Order | None = request.environ.get(ORDER)
        if order is not None and response.status_code == 200:
            if order.is_wanted and response.headers.get("Cache-Control", "").startswith("public"):
                order.answer = _answer(response, order.moment)
            if not CONDITIONS.isdisjoint(order.environ):
                response.make_conditional(order.environ)
        return response


def depends_on(topic: str) -> None:
    """Say that the current answer changes only with `topic`."""
    request.environ[TOPIC] = topic


def keep_nothing() -> None:
    """Say that the current answer is given at many addresses, at any of which few ask for it."""
    order: _Order | None = request.environ.get(ORDER)
    if order is not None:
        order.is_wanted = False


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


@dataclass
class _Order:
    """What the layer wants of the application: an answer to keep, whatever `environ` asks for."""

    environ: Environ
    moment: int
    is_wanted: bool = True
    answer: _Answer | None = None


def _answer(response: Response, moment: int) -> _Answer:
    return _Answer(
        moment=moment,
        topic=request.environ.get(TOPIC),
        computed_at=monotonic(),
        route=request.url_rule.rule if request.url_rule else "",
        headers=list(response.get_wsgi_headers(request.environ)),
        etag=response.headers["ETag"],
        body=response.get_data(),
    )


class PageCache:
    """The layer; `max_bytes` bounds what is kept, the longest unused goes first.

    Paths that begin with one of `independent` are none of its business, and answered without a
    look at the database. `on_hit(environ, route, status)` is told of requests that the application
    does not get to see, and gives the request's id. Should the layer itself fail, the application
    is asked, as if there were no layer.
    """

    def __init__(
        self,
        app: Any,
        changes: Changes,
        max_bytes: int,
        independent: tuple[str, ...],
        on_hit: Callable[[Environ, str, int], str],
    ) -> None:
        self._app = app
        self._changes = changes
        self._max_bytes = max_bytes
        self._independent = independent
        self._on_hit = on_hit
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._computing: dict[Key, tuple[Lock, int]] = {}

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        key = _key(environ)
        if self._concerns(key, environ):
            try:
                return self._kept_or_computed(key, environ, start_response)
            except ChangesUnknown:
                pass
            except Exception:
                logging.getLogger(__name__).exception("kept answers failed")
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def _concerns(self, key: Key, environ: Environ) -> bool:
        return (
            environ["REQUEST_METHOD"] in {"GET", "HEAD"}
            and "HTTP_AUTHORIZATION" not in environ
            and not environ["PATH_INFO"].startswith(self._independent)
            and _length(key) <= LONGEST_KEY
        )

    def _kept_or_computed(self, key: Key, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """The answer; raises `ChangesUnknown` before anything is done for it."""
        self._changes.now()
        answer = self._find(key)
        if answer is not None:
            return self._give(answer, environ, start_response)
        with self._turn(key):
            answer = self._find(key)
            if answer is not None:
                return self._give(answer, environ, start_response)
            return self._compute(key, environ, start_response)

    def _find(self, key: Key) -> _Answer | None:
        answer = self._answers.get(key)
        if answer is None:
            return None
        unchanged = self._changes.is_unchanged(answer.topic, answer.moment)
        if unchanged and monotonic() - answer.computed_at < KEPT_SECONDS:
            with self._lock:
                if key in self._answers:
                    self._answers.move_to_end(key)
            return answer
        return None

    def _compute(self, key: Key, environ: Environ, start_response: Any) -> Iterable[bytes]:
        order = _Order(environ, self._changes.moment)
        unconditional = {n: v for n, v in environ.items() if n not in CONDITIONS}
        given: Iterable[bytes] = self._app({**unconditional, ORDER: order}, start_response)
        if order.answer is not None:
            self._keep(key, order.answer)
        return given

    def _give(self, answer: _Answer, environ: Environ, start_response: Any) -> Iterable[bytes]:
        status = 304 if _is_known(answer, environ) else 200
        request_id = self._on_hit(environ, answer.route, status)
        headers = [*answer.headers, ("X-Request-ID", request_id)]
        if status == 304:
            start_response("304 NOT MODIFIED", [h for h in headers if h[0] not in OF_THE_BODY])
            return [b""]
        start_response("200 OK", headers)
        return [answer.body if environ["REQUEST_METHOD"] == "GET" else b""]

    def _keep(self, key: Key, answer: _Answer) -> None:
        with self._lock:
            if key in self._answers:
                self._bytes -= _size(key, self._answers.pop(key))
            self._answers[key] = answer
            self._bytes += _size(key, answer)
            while self._bytes > self._max_bytes:
                self._bytes -= _size(*self._answers.popitem(last=False))

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


def _length(key: Key) -> int:
    return sum(map(len, key))


def _size(key: Key, answer: _Answer) -> int:
    return len(answer.body) + _length(key) + OVERHEAD


def _is_known(answer: _Answer, environ: Environ) -> bool:
    """Whether the caller holds this very answer (RFC 9110, section 13)."""
    if environ.get("HTTP_IF_NONE_MATCH") == answer.etag:
        return True
    if not any(condition in environ for condition in CONDITIONS):
        return False
    return not is_resource_modified(
        environ, etag=unquote_etag(answer.etag)[0], last_modified=answer.last_modified
    )
