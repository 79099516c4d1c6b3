"""A database that accepts connections and never answers: nobody waits for it for long."""

import socket
from collections.abc import Callable, Iterator
from threading import Thread
from time import monotonic

import pytest
from flask import Flask

from tests.apps import SeparateClient
from tests.community import API
from tests.databases import on_one_database

pytestmark = on_one_database

PATIENCE = 2
"""Seconds; psycopg takes no fewer."""


@pytest.fixture
def mute(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application whose database listens, and no more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        yield make_app(DATABASE_URL=f"postgresql://{address}/forum?connect_timeout={PATIENCE}")


@pytest.mark.parametrize("address", ["/healthz", "/openapi.json", "/assets/crossroads.css"])
def test_what_needs_no_database_does_not_ask_it(mute: Flask, address: str) -> None:
    began = monotonic()
    assert SeparateClient(mute).get(address).status_code == 200
    assert monotonic() - began < PATIENCE


def test_all_who_need_it_are_soon_asked_for_patience_at_once(mute: Flask) -> None:
    began = monotonic()
    answers: list[int] = []

    def ask() -> None:
        answers.append(SeparateClient(mute).get(API + "/posts").status_code)

    callers = [Thread(target=ask) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert answers == [503] * 5
    assert monotonic() - began < 5 * PATIENCE
