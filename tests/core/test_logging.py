"""Every answer has an id, every request one line, and no line tells a secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask, abort
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from forum.core import logging as request_log


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Leave the process' own logging as it was."""
    root = logging.getLogger()
    level, before = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = before
    structlog.reset_defaults()


@pytest.fixture
def client() -> FlaskClient:
    return make_app().test_client()


def make_app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "a key of these tests alone"
    request_log.init_app(app)

    @app.get("/people/<name>")
    def person(name: str) -> str:
        structlog.contextvars.bind_contextvars(member=7)
        return name

    @app.get("/refused")
    def refused() -> str:
        abort(403)

    @app.get("/crash")
    def crash() -> str:
        secret = "the wine is in the cellar"
        raise RuntimeError(len(secret))

    return app


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("path", ["/people/ada", "/refused", "/crash", "/nowhere"])
def test_every_answer_carries_a_request_id(client: FlaskClient, path: str) -> None:
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    assert len(client.get(path).headers["X-Request-ID"]) == 32


def test_no_two_requests_share_a_generated_id(client: FlaskClient) -> None:
    ids = {client.get("/people/ada").headers["X-Request-ID"] for _ in range(20)}
    assert len(ids) == 20


@given(given_id=st.from_regex(r"[A-Za-z0-9._-]{8,128}", fullmatch=True))
def test_a_well_formed_id_of_the_caller_is_kept(given_id: str) -> None:
    answer = make_app().test_client().get("/people/ada", headers={"X-Request-ID": given_id})
    assert answer.headers["X-Request-ID"] == given_id


@pytest.mark.parametrize("given_id", ["short", "x" * 129, "with space", "semi;colon", "é" * 8, ""])
def test_an_ill_formed_id_of_the_caller_is_replaced(client: FlaskClient, given_id: str) -> None:
    answer = client.get("/people/ada", headers={"X-Request-ID": given_id})
    assert answer.headers["X-Request-ID"] != given_id


def test_a_request_is_one_line_with_its_facts(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_log.configure("INFO", json=True)
    client.get("/people/ada", headers={"X-Request-ID": "id-of-the-caller"})
    (line,) = lines(capsys)
    facts = {"method": "GET", "path": "/people/ada", "route": "/people/<name>", "status": 200}
    assert line.items() >= {**facts, "request_id": "id-of-the-caller", "member": 7}.items()


def test_what_one_request_binds_is_forgotten_by_the_next(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_log.configure("INFO", json=True)
    client.get("/people/ada")
    client.get("/nowhere")
    assert "member" not in lines(capsys)[1]


def test_a_line_tells_no_query_header_or_address(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_log.configure("DEBUG", json=True)
    secrets = {"Authorization": "Bearer marker-1", "Cookie": "marker-2", "User-Agent": "marker-3"}
    client.get(
        "/people/ada?token=marker-4",
        headers=secrets,
        environ_overrides={"REMOTE_ADDR": "203.0.113.77"},
    )
    out = capsys.readouterr().out
    assert "marker" not in out
    assert "203.0.113" not in out


def test_the_same_address_has_the_same_pseudonym(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_log.configure("INFO", json=True)
    for address in ("203.0.113.1", "203.0.113.2", "203.0.113.1"):
        client.get("/people/ada", environ_overrides={"REMOTE_ADDR": address})
    first, other, again = (line["client"] for line in lines(capsys))
    assert first == again != other


@pytest.mark.parametrize("as_json", [True, False])
def test_a_crash_is_logged_with_its_trace_but_without_variables(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    request_log.configure("INFO", json=as_json)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    client.get("/crash")
    out = capsys.readouterr().out
    assert "RuntimeError: 25" in out
    assert "cellar" not in out


def test_other_loggers_speak_in_the_same_format(capsys: pytest.CaptureFixture[str]) -> None:
    request_log.configure("INFO", json=True)
    logging.getLogger("library").warning("kept %d", 3)
    (line,) = lines(capsys)
    assert (line["event"], line["level"], line["logger"]) == ("kept 3", "warning", "library")


def test_lines_below_the_level_are_not_written(
    client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    request_log.configure("WARNING", json=True)
    client.get("/people/ada")
    assert lines(capsys) == []
