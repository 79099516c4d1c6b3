"""Somebody who is called: an HTTP server of the tests that keeps what it was sent."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True)
class Call:
    """A request as it arrived; names of headers are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers `status` with `headers` and `body`; a test may change them at any time."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    calls: list[Call] = field(default_factory=list)
    answer: Callable[[Call], int] | None = None
    """Decides on the status, if it is set."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


class QuietServer(ThreadingHTTPServer):
    """Says nothing about callers who hang up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that runs until the end of the block; with a context, it speaks TLS."""
    receiver = Receiver()
    server = QuietServer(("127.0.0.1", 0), handler_for(receiver))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def hanging() -> Iterator[Receiver]:
    """A receiver that takes what it is sent, and answers nobody until the end of the block."""
    released = Event()

    def hang(call: Call) -> int:
        released.wait()
        return 204

    with receiving() as receiver:
        receiver.answer = hang
        try:
            yield receiver
        finally:
            released.set()


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            call = Call(self.path, headers, body)
            receiver.calls.append(call)
            self.send_response(receiver.answer(call) if receiver.answer else receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
