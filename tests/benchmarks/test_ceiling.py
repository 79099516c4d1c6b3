"""What the product is compared with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks.bare_writes import BareWrites
from benchmarks.ceiling import create_ceiling


@pytest.fixture
def writes(empty_database_url: str) -> Iterator[BareWrites]:
    """Tables to write to, on each kind of database."""
    bare = BareWrites(empty_database_url)
    bare.create_tables()
    yield bare
    bare.close()


@pytest.fixture
def client(writes: BareWrites, tmp_path: Path) -> FlaskClient:
    """Asks a ceiling that knows the answer `page`."""
    (tmp_path / "page").write_bytes(b'{"items": []}')
    return create_ceiling(tmp_path, writes).test_client()


def test_the_ceiling_returns_the_same_bytes(client: FlaskClient) -> None:
    assert client.get("/page").data == b'{"items": []}'


def test_the_ceiling_of_validators_says_not_modified(client: FlaskClient) -> None:
    assert client.get("/not-modified").status_code == 304


def test_a_bare_write_inserts_and_counts(client: FlaskClient, writes: BareWrites) -> None:
    client.post("/write/7", json={"body": "I would stay."})
    assert writes.count() == (1, 1)
