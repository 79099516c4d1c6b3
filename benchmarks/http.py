"""Requests as the load generators send them, and single answers to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

import orjson

HOST = "127.0.0.1"
"""Everything that is measured runs on this machine."""
TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """One request; `json` becomes its body."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None

    def raw(self, port: int) -> bytes:
        """The bytes of this request on a kept connection (HTTP/1.1)."""
        body = self.body
        headers = {"Host": f"{HOST}:{port}", **self.all_headers}
        if self.method != "GET":
            headers["Content-Length"] = str(len(body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body

    @property
    def body(self) -> bytes:
        return b"" if self.json is None else orjson.dumps(self.json)

    @property
    def all_headers(self) -> dict[str, str]:
        kind = {} if self.json is None else {"Content-Type": "application/json"}
        return {**kind, **self.headers}


@dataclass(frozen=True)
class Answer:
    """What a server said; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


def fetch(port: int, request: Request) -> Answer:
    """Ask once; raises `OSError` while nobody listens."""
    connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
    try:
        body = request.body or None
        connection.request(request.method, request.path, body, request.all_headers)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()
