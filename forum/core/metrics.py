"""Figures for Prometheus: requests by route and status, the database, and the application's own.

With `PROMETHEUS_MULTIPROC_DIR` in the environment the figures of all processes that share that
directory are added up. Labels come from closed sets, so no caller can make their number grow.
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from forum.core.db import db

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
UNMATCHED = "unmatched"


class _Figures(NamedTuple):
    """What every process counts."""

    requests: Counter
    seconds: Histogram
    in_flight: Gauge
    checked_out: Gauge


def _registered() -> _Figures:
    return _Figures(
        Counter("http_requests", "Answered requests.", ["method", "route", "status"]),
        Histogram("http_request_duration_seconds", "Time to answer, by route.", ["route"]),
        Gauge("http_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum"),
        Gauge(
            "database_connections_checked_out",
            "Connections of the pool that are in use.",
            multiprocess_mode="livesum",
        ),
    )


_figures = _registered()
_in_use: set[ConnectionPoolEntry] = set()


@contextmanager
def figures_added_up() -> Iterator[None]:
    """Figures begin anew; those of all processes that are forked meanwhile are added up."""
    global _figures  # noqa: PLW0603 - there is one of each in a process, as in Prometheus' registry
    with TemporaryDirectory(prefix="crossroads-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]  # has no types
        for figure in _figures:
            REGISTRY.unregister(figure)
        _figures = _registered()
        yield


def init_app(app: Flask) -> None:
    """Measure every request of the application."""
    app.extensions["gauges"] = {"database_up": ("Whether the database answers.", _database_up)}
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)


def add_gauge(app: Flask, name: str, explanation: str, read: Callable[[], float]) -> None:
    """Add a figure that `read` finds out, inside an application context, whenever it is asked.

    When `read` raises, the figure is not a number and all others are told none the less.
    """
    app.extensions["gauges"][name] = (explanation, read)


def count_repeated(method: str, route: str, status: int) -> None:
    """Count a request whose answer was kept from before."""
    _figures.requests.labels(method, route, str(status)).inc()


def exposition() -> tuple[bytes, str]:
    """All figures in Prometheus' text format, and its content type."""
    present = CollectorRegistry()
    present.register(_PresentFacts())
    return generate_latest(_of_all_processes()) + generate_latest(present), CONTENT_TYPE_LATEST


class _PresentFacts(Collector):
    """The figures that are read when asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (explanation, read) in current_app.extensions["gauges"].items():
            yield GaugeMetricFamily(name, explanation, value=_value(name, read))


def _value(name: str, read: Callable[[], float]) -> float:
    try:
        return read()
    except Exception:  # whatever is behind it, its loss must not hide the others
        current_app.logger.exception("%s cannot be read", name)
        return math.nan


def _of_all_processes() -> CollectorRegistry:
    directory = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if directory is None:
        return REGISTRY
    _forget_dead_processes(Path(directory))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=directory)  # type: ignore[no-untyped-call]  # has no types
    return registry


def _forget_dead_processes(directory: Path) -> None:
    """A process that crashed has nothing in flight any more."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in directory.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, path=str(directory))  # type: ignore[no-untyped-call]  # has no types


def _begin() -> None:
    g.measured_since = time.perf_counter()
    _figures.in_flight.inc()


def _end(response: Response) -> Response:
    method = request.method if request.method in METHODS else OTHER_METHOD
    route = request.url_rule.rule if request.url_rule else UNMATCHED
    _figures.requests.labels(method, route, str(response.status_code)).inc()
    _figures.seconds.labels(route).observe(time.perf_counter() - g.measured_since)
    return response


def _leave(_error: BaseException | None) -> None:
    if g.pop("measured_since", None) is not None:
        _figures.in_flight.dec()


def _database_up() -> float:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return 0
    return 1


@event.listens_for(Pool, "checkout")
def _connection_taken(_connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    _in_use.add(entry)
    _figures.checked_out.set(len(_in_use))


@event.listens_for(Pool, "checkin")
def _connection_returned(_connection: Any, entry: ConnectionPoolEntry) -> None:
    _in_use.discard(entry)
    _figures.checked_out.set(len(_in_use))
