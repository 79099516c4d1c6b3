"""A database that accepts connections and never answers: nobody waits for it for long."""

import socket
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask

from tests.apps import SeparateClient
from tests.community import API
from tests.databases import on_one_database

pytestmark = on_one_database

PATIENCE_SECONDS = 2
"""Psycopg takes no fewer."""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def mute(listener: socket.socket, make_app: Callable[..., Flask]) -> Flask:
    """An application whose database listens, and no more."""
    port = listener.getsockname()[1]
    patience = f"connect_timeout={PATIENCE_SECONDS}"
    return make_app(DATABASE_URL=f"postgresql://127.0.0.1:{port}/forum?{patience}")


@pytest.mark.parametrize("address", ["/healthz", "/openapi.json", "/assets/crossroads.css"])
def test_what_needs_no_database_does_not_ask_it(
    listener: socket.socket, mute: Flask, address: str
) -> None:
    assert SeparateClient(mute).get(address).status_code == 200
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_all_who_need_it_are_asked_for_patience_and_wait_for_nobody_else(
    listener: socket.socket, mute: Flask
) -> None:
    answers: list[int] = []

    def ask() -> None:
        answers.append(SeparateClient(mute).get(API + "/posts").status_code)

    callers = [Thread(target=ask) for _ in range(5)]
    for caller in callers:
        caller.start()
    connections = [listener.accept()[0] for _ in callers]
    assert answers == []
    for caller in callers:
        caller.join()
    assert answers == [503] * 5
    for connection in connections:
        connection.close()
