"""A WebSub hub: a process of its own, which verifies who subscribes and passes on what is new."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

CHALLENGE = "what-was-asked-for"


class Hub(BaseHTTPRequestHandler):
    """Subscribes by `hub.mode=subscribe`, and passes on by `publish`; says what it was told."""

    callbacks: ClassVar[dict[str, str]] = {}
    published: ClassVar[list[list[str]]] = []

    def do_GET(self) -> None:
        self._answer(200, json.dumps(self.published).encode())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if form["hub.mode"] == ["subscribe"]:
            self._subscribe(form["hub.topic"][0], form["hub.callback"][0])
        else:
            self.published.append(form["hub.url"])
            for topic in form["hub.url"]:
                self._pass_on(topic)
        self._answer(204)

    def _subscribe(self, topic: str, callback: str) -> None:
        intent = {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": CHALLENGE}
        with urlopen(f"{callback}?{urlencode(intent)}") as answer:  # noqa: S310 - of the test
            if answer.read().decode() == CHALLENGE:
                self.callbacks[topic] = callback

    def _pass_on(self, topic: str) -> None:
        if topic in self.callbacks:
            with urlopen(topic) as feed:  # noqa: S310 - of the test
                content, kind = feed.read(), feed.headers["Content-Type"]
            told = Request(self.callbacks[topic], content, {"Content-Type": kind})  # noqa: S310 - of the test
            urlopen(told).close()  # noqa: S310 - of the test

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Hub).serve_forever()
