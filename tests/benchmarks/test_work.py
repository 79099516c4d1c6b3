"""The requests that are measured, and what the product says to them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.facts import PAGE, Facts, find_facts
from benchmarks.http import Answer, Request
from benchmarks.load import fill
from benchmarks.scenarios import SCENARIOS
from benchmarks.tree import Size
from benchmarks.work import another_page, last_page, mix, page
from tests.databases import settings_for

SIZE = Size(posts=3, threads=4, replies=400, members=30, huge=150)

MADE_UP = Facts(
    threads=[2, 3],
    huge=1,
    deepest=9,
    small=2,
    replies=[(4, 2), (5, 3)],
    tokens=["a", "b"],
    page_urls=["https://blog.example.com/posts/1"],
)

Fetch = Callable[[Request], Answer]


def no_answer(_request: Request) -> Answer:
    return Answer(404, {}, b"")


@pytest.fixture
def facts(app: Flask, database_url: str) -> Facts:
    """What there is in a small forum."""
    fill(app, SIZE)
    return find_facts(settings_for(database_url))


@pytest.fixture
def fetch(client: FlaskClient) -> Fetch:
    """Asks the application without a server."""

    def ask(request: Request) -> Answer:
        answer = client.open(
            request.path, method=request.method, headers=request.all_headers, data=request.body
        )
        headers = {name.lower(): value for name, value in answer.headers}
        return Answer(answer.status_code, headers, answer.data)

    return ask


def test_the_product_answers_every_kind_of_work(facts: Facts, fetch: Fetch) -> None:
    refused = [
        (scenario.name, answer.status, answer.body)
        for scenario in SCENARIOS
        for answer in map(fetch, scenario.work(facts, fetch)[:3])
        if answer.status >= 400
    ]
    assert refused == []


def test_a_page_is_full(facts: Facts, fetch: Fetch) -> None:
    assert len(fetch(page(facts, fetch)[0]).json["items"]) == PAGE


def test_the_last_page_is_full(facts: Facts, fetch: Fetch) -> None:
    assert len(fetch(last_page(facts, fetch)[0]).json["items"]) == PAGE


def test_no_page_is_asked_for_twice() -> None:
    addresses = [request.path for request in another_page(MADE_UP, no_answer)]
    assert len(set(addresses)) == len(addresses)


def test_a_twentieth_of_the_mix_writes() -> None:
    requests = mix(MADE_UP, no_answer)
    writes = sum(request.method != "GET" for request in requests)
    assert writes / len(requests) == pytest.approx(0.05, abs=0.001)
