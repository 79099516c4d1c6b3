"""Sending load and counting what comes back."""

import asyncio
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from benchmarks.figures import Figures, median_of
from benchmarks.generators import apply_with_asyncio, figures_of_wrk
from benchmarks.http import Request, fetch

SECONDS = 0.2


@pytest.fixture
def seen() -> list[tuple[str, str]]:
    """What the server was asked."""
    return []


@pytest.fixture
def server(seen: list[tuple[str, str]]) -> Iterator[BaseWSGIServer]:
    """A server that answers with the status in the path."""
    app = Flask("answers")

    @app.route("/<int:status>", methods=["GET", "POST"])
    def answer(status: int) -> Response:
        seen.append((request.method, request.get_data(as_text=True)))
        return Response("{}", status)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def load(server: BaseWSGIServer, *requests: Request) -> Figures:
    raw = [request.raw(server.port) for request in requests]
    return asyncio.run(apply_with_asyncio(server.port, raw, SECONDS, 0))


def test_every_answer_is_counted(server: BaseWSGIServer, seen: list[tuple[str, str]]) -> None:
    assert load(server, Request("GET", "/200")).requests == len(seen) > 0


def test_refusals_are_failures(server: BaseWSGIServer) -> None:
    figures = load(server, Request("GET", "/503"))
    assert (figures.failures, figures.rate) == (figures.requests, 0)


def test_an_answer_without_a_body_is_read(server: BaseWSGIServer) -> None:
    assert load(server, Request("GET", "/304")).failures == 0


def test_requests_are_sent_in_turn(server: BaseWSGIServer, seen: list[tuple[str, str]]) -> None:
    load(server, Request("GET", "/200"), Request("POST", "/201", json={"a": 1}))
    written = seen.count(("POST", '{"a":1}'))
    assert abs(seen.count(("GET", "")) - written) <= 16


def test_one_answer_is_fetched(server: BaseWSGIServer) -> None:
    answer = fetch(server.port, Request("POST", "/201", json={}))
    assert (answer.status, answer.json) == (201, {})


def test_figures_of_wrk_come_in_seconds_and_milliseconds() -> None:
    told = (
        "Running 2s test\n"
        'figures {"requests": 4000, "microseconds": 2000000, "failures": 0, "p50": 1500, '
        '"p99": 20000}\n'
    )
    assert figures_of_wrk(told) == Figures(2000.0, 1.5, 20.0, 4000, 0)


def test_the_median_of_runs_is_taken_of_each_figure() -> None:
    runs = [Figures(1, 3, 9, 10, 0), Figures(3, 1, 7, 30, 2), Figures(2, 2, 8, 20, 1)]
    assert median_of(runs) == Figures(2, 2, 8, 60, 3)
