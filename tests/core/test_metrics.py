"""Figures are counted by route and status, from closed sets of labels, in one process or many."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from forum.core import metrics
from forum.core.db import db

IN_TWO_PROCESSES = """
import os, subprocess, sys
from flask import Flask
from forum.core import metrics

app = Flask("app")
metrics.init_app(app)
app.add_url_rule("/answered", "answered", lambda: "")
app.add_url_rule("/crash", "crash", lambda: os._exit(0))
app.test_client().get("/answered")
if sys.argv[1:] == ["crash"]:
    app.test_client().get("/crash")
subprocess.run([sys.executable, __file__, "crash"], check=True)
with app.app_context():
    print(metrics.exposition()[0].decode())
"""


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    metrics.init_app(app)

    @app.get("/articles/<name>")
    def article(name: str) -> str:
        return name if name != "missing" else abort(404)

    @app.get("/in-flight")
    def in_flight() -> str:
        return str(figure("http_requests_in_flight"))

    with app.app_context():
        yield app.test_client()


def figure(sample: str, **labels: str) -> float:
    """The present value of a sample; 0 when it is not there."""
    for family in text_string_to_metric_families(metrics.exposition()[0].decode()):
        for found in family.samples:
            if found.name == sample and found.labels == labels:
                return found.value
    return 0


def test_an_answer_is_counted_by_its_route(client: FlaskClient) -> None:
    labels = {"method": "GET", "route": "/articles/<name>", "status": "200"}
    before = figure("http_requests_total", **labels)
    client.get("/articles/a")
    client.get("/articles/b")
    assert figure("http_requests_total", **labels) == before + 2


def test_a_refusal_is_counted_by_its_status(client: FlaskClient) -> None:
    labels = {"method": "GET", "route": "/articles/<name>", "status": "404"}
    before = figure("http_requests_total", **labels)
    client.get("/articles/missing")
    assert figure("http_requests_total", **labels) == before + 1


def test_the_time_of_an_answer_is_counted_by_its_route(client: FlaskClient) -> None:
    before = figure("http_request_duration_seconds_count", route="/articles/<name>")
    client.get("/articles/a")
    after = figure("http_request_duration_seconds_count", route="/articles/<name>")
    assert after == before + 1


def test_addresses_without_a_route_share_one_label(client: FlaskClient) -> None:
    labels = {"method": "GET", "route": "unmatched", "status": "404"}
    before = figure("http_requests_total", **labels)
    for number in range(5):
        client.get(f"/nowhere/{number}")
    assert figure("http_requests_total", **labels) == before + 5


def test_unknown_methods_share_one_label(client: FlaskClient) -> None:
    labels = {"method": "other", "route": "unmatched", "status": "405"}
    before = figure("http_requests_total", **labels)
    for method in ("FROB", "BREW"):
        client.open("/articles/a", method=method)
    assert figure("http_requests_total", **labels) == before + 2


def test_a_request_is_in_flight_until_it_is_answered(client: FlaskClient) -> None:
    before = figure("http_requests_in_flight")
    assert float(client.get("/in-flight").text) == before + 1
    assert figure("http_requests_in_flight") == before


def test_connections_in_use_are_counted(client: FlaskClient) -> None:
    before = figure("database_connections_checked_out")
    with db.engine.connect():
        assert figure("database_connections_checked_out") == before + 1
    assert figure("database_connections_checked_out") == before


def test_the_database_is_up(client: FlaskClient) -> None:
    assert figure("database_up") == 1


def test_a_database_that_cannot_be_opened_is_down(tmp_path: Path) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/missing/folder.db"
    db.init_app(app)
    metrics.init_app(app)
    with app.app_context():
        assert "database_up 0.0" in metrics.exposition()[0].decode()


def test_the_application_adds_figures_of_its_own(client: FlaskClient) -> None:
    metrics.add_gauge(client.application, "queue_depth", "Waiting.", lambda: 3)
    assert figure("queue_depth") == 3


def test_a_figure_that_cannot_be_read_hides_no_other(client: FlaskClient) -> None:
    metrics.add_gauge(client.application, "queue_depth", "Waiting.", lambda: 1 / 0)
    assert figure("database_up") == 1


def test_figures_of_several_processes_are_added_up(tmp_path: Path) -> None:
    shown = _run_in_two_processes(tmp_path)
    assert 'http_requests_total{method="GET",route="/answered",status="200"} 2.0' in shown


def test_a_dead_process_has_nothing_in_flight(tmp_path: Path) -> None:
    assert "http_requests_in_flight 0.0" in _run_in_two_processes(tmp_path)


def _run_in_two_processes(directory: Path) -> str:
    script = directory / "script.py"
    script.write_text(IN_TWO_PROCESSES)
    figures = directory / "figures"
    figures.mkdir()
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(figures), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, str(script)]
    return subprocess.run(
        command, env=environment, text=True, capture_output=True, check=True
    ).stdout
