"""A request is worked on once it has arrived, and a too long one is left to the application."""

import io
import time
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from forum.core.errors import Unavailable
from forum.core.http import arrival
from forum.core.http.arrival import Arrival

LIMIT = 1000


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LIMIT

    arrival.init_app(app)

    @app.route("/length", methods=["GET", "POST"])
    def length() -> str:
        return str(len(request.get_data()))

    @app.errorhandler(Unavailable)
    def unavailable(refusal: Unavailable) -> tuple[str, int, dict[str, str]]:
        return "", 503, refusal.headers

    return app


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(Arrival(app, LIMIT, receiving=2, at_once=1))


class Slow(io.BytesIO):
    """A body whose sender waits until another one sends as well."""

    def __init__(self, meeting: Barrier) -> None:
        super().__init__(b"x")
        self.meeting = meeting

    def read(self, size: int | None = -1) -> bytes:
        self.meeting.wait(timeout=10)
        return super().read(size)


def chunked(body: bytes) -> dict[str, Any]:
    return {
        "input_stream": io.BytesIO(body),
        "headers": {"Transfer-Encoding": "chunked"},
        "environ_overrides": {"wsgi.input_terminated": True},
    }


def test_a_body_arrives_whole(client: Client) -> None:
    assert client.post("/length", data=b"x" * LIMIT).text == str(LIMIT)


def test_a_body_without_a_length_arrives_whole(client: Client) -> None:
    assert client.post("/length", **chunked(b"x" * LIMIT)).text == str(LIMIT)


def test_a_body_over_the_limit_is_refused(client: Client) -> None:
    assert client.post("/length", data=b"x" * (LIMIT + 1)).status_code == 413


def test_a_body_without_a_length_over_the_limit_is_refused(client: Client) -> None:
    assert client.post("/length", **chunked(b"x" * (LIMIT + 1))).status_code == 413


def test_a_body_over_the_limit_is_not_read(client: Client) -> None:
    stream = io.BytesIO(b"x" * (LIMIT + 1))
    client.post("/length", input_stream=stream, content_length=LIMIT + 1)
    assert stream.tell() == 0


def test_a_body_that_ends_early_is_refused(client: Client) -> None:
    announced = {"CONTENT_LENGTH": "2"}
    assert client.post("/length", data=b"x", environ_overrides=announced).status_code == 400


def test_a_reader_waits_for_no_body(app: Flask) -> None:
    stream = Slow(Barrier(2))
    builder = EnvironBuilder("/nowhere", input_stream=stream, content_length=1)
    served = Arrival(app, LIMIT, receiving=2, at_once=1)
    assert run_wsgi_app(served, builder.get_environ())[1] == "404 NOT FOUND"


def test_too_many_slow_senders_are_asked_to_come_again(app: Flask) -> None:
    served = Arrival(app, LIMIT, receiving=1, at_once=1)
    meeting = Barrier(2)
    builder = EnvironBuilder("/length", method="POST", input_stream=Slow(meeting), content_length=1)
    sender = Thread(target=run_wsgi_app, args=(served, builder.get_environ()))
    sender.start()
    while not meeting.n_waiting:
        time.sleep(0)
    answer = Client(served).post("/length", data=b"x")
    meeting.wait(timeout=10)
    sender.join()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_slow_sender_takes_nobodys_turn(app: Flask) -> None:
    served = Arrival(app, LIMIT, receiving=2, at_once=1)
    meeting = Barrier(2)
    answers: list[str] = []

    def send() -> None:
        builder = EnvironBuilder(
            "/length", method="POST", input_stream=Slow(meeting), content_length=1
        )
        answers.append(run_wsgi_app(served, builder.get_environ(), buffered=True)[1])

    senders = [Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == ["200 OK", "200 OK"]


def test_who_gets_no_turn_in_time_is_asked_to_come_again(app: Flask) -> None:
    meeting = Barrier(2)

    @app.route("/meeting")
    def meet() -> str:
        meeting.wait(timeout=10)
        return ""

    served = Arrival(app, LIMIT, receiving=1, at_once=1, patience=0.01)
    first = Thread(target=Client(served).get, args=("/meeting",))
    first.start()
    while not meeting.n_waiting:
        time.sleep(0)
    answer = Client(served).get("/length")
    meeting.wait(timeout=10)
    first.join()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
