"""Bodies beyond the limit are refused before they are read."""

import io
from typing import Any

import pytest

from tests.apps import Answer, SeparateClient
from tests.community import API
from tests.databases import on_one_database

pytestmark = on_one_database

LIMIT = 256 * 1024


class Counted(io.BytesIO):
    """A body that knows how much of it was read."""

    def __init__(self, length: int) -> None:
        super().__init__(b" " * length)

    @property
    def was_read(self) -> int:
        return self.tell()


def send(client: SeparateClient, body: Counted, **how: Any) -> Answer:
    how.setdefault("content_type", "application/json")
    return client.open(API + "/auth/login", method="POST", input_stream=body, **how)


def chunked() -> dict[str, Any]:
    return {
        "headers": {"Transfer-Encoding": "chunked"},
        "environ_overrides": {"wsgi.input_terminated": True},
    }


def test_a_body_announced_as_too_long_is_not_read(client: SeparateClient) -> None:
    body = Counted(LIMIT + 1)
    answer = send(client, body, content_length=LIMIT + 1)
    assert (answer.status_code, answer.json["code"]) == (413, "request-entity-too-large")
    assert body.was_read == 0


def test_a_body_of_unknown_length_is_read_to_the_limit(client: SeparateClient) -> None:
    body = Counted(10 * LIMIT)
    answer = send(client, body, **chunked())
    assert (answer.status_code, answer.json["code"]) == (413, "request-entity-too-large")
    assert body.was_read <= LIMIT + 1


@pytest.mark.parametrize(
    ("length", "how"), [(LIMIT, {"content_length": LIMIT}), (LIMIT - 1, chunked())]
)
def test_a_body_as_long_as_allowed_is_read(
    client: SeparateClient, length: int, how: dict[str, Any]
) -> None:
    assert send(client, Counted(length), **how).json["code"] == "malformed-json"


@pytest.mark.parametrize("length", ["-1", "many", "9" * 30])
def test_an_impossible_length_is_the_callers_mistake(client: SeparateClient, length: str) -> None:
    answer = send(client, Counted(2), environ_overrides={"CONTENT_LENGTH": length})
    assert 400 <= answer.status_code < 500
