"""The service itself: alive, ready, measured, traceable, and careful with browsers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.apps import Answer, SeparateClient
from tests.community import API, Community
from tests.databases import on_one_database
from tests.servers import free_port


def get(app: Flask, address: str, **headers: str) -> Answer:
    return SeparateClient(app).open(address, headers=headers)


def test_a_running_service_is_alive_and_ready(app: Flask) -> None:
    assert get(app, "/healthz").status_code == 200
    assert get(app, "/readyz").json == {"status": "ready", "checks": {"database": "ok"}}


def test_a_service_with_redis_is_ready_when_it_answers(
    make_app: Callable[..., Flask], redis_url: str
) -> None:
    answer = get(make_app(REDIS_URL=redis_url), "/readyz")
    assert answer.json["checks"] == {"database": "ok", "redis": "ok"}


@on_one_database
def test_without_redis_it_is_not_ready_but_alive(make_app: Callable[..., Flask]) -> None:
    app = make_app(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    answer = get(app, "/readyz")
    assert (answer.status_code, answer.json["checks"]["redis"]) == (503, "unreachable")
    assert get(app, "/healthz").status_code == 200


@pytest.fixture(params=["sqlite", "postgresql"])
def without_database(
    request: pytest.FixtureRequest, make_app: Callable[..., Flask], tmp_path: Path
) -> Flask:
    """An application whose database is gone."""
    if request.param == "postgresql":
        return make_app(DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/forum")
    directory = tmp_path / "disk"
    directory.mkdir()
    app = make_app(DATABASE_URL=f"sqlite:///{directory}/forum.db")
    directory.rmdir()
    return app


@on_one_database
def test_without_its_database_it_is_not_ready_but_alive(without_database: Flask) -> None:
    answer = get(without_database, "/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "unreachable")
    assert get(without_database, "/healthz").status_code == 200


@on_one_database
def test_without_its_database_it_asks_for_patience(without_database: Flask) -> None:
    answer = get(without_database, API + "/posts")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@on_one_database
def test_without_its_database_it_is_still_measured(without_database: Flask) -> None:
    assert "database_up 0.0" in get(without_database, "/metrics").text


def test_requests_are_counted_by_route_and_status(app: Flask) -> None:
    get(app, API + "/threads/7")
    answer = get(app, "/metrics")
    counted = '{method="GET",route="/api/v1/threads/<id:thread_id>",status="404"}'
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "http_requests_total" + counted in answer.text
    assert "database_up 1.0" in answer.text


@on_one_database
@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_no_cache_keeps_how_the_service_is(app: Flask, address: str) -> None:
    assert get(app, address).headers["Cache-Control"] == "no-store"


EVERYWHERE = ["/", "/healthz", "/nowhere", "/docs", "/openapi.json", API + "/posts", API + "/me"]
everywhere = pytest.mark.parametrize("address", EVERYWHERE)


@on_one_database
@everywhere
def test_a_well_formed_request_id_is_kept(app: Flask, address: str) -> None:
    answer = get(app, address, **{"X-Request-ID": "from-the.edge_0001"})
    assert answer.headers["X-Request-ID"] == "from-the.edge_0001"


@on_one_database
@pytest.mark.parametrize("given", ["", "short", "a" * 129, "with spaces in it", "käse-käse"])
def test_another_request_id_is_replaced(app: Flask, given: str) -> None:
    made = get(app, "/healthz", **{"X-Request-ID": given}).headers["X-Request-ID"]
    assert made != given
    assert len(made) == 32


@on_one_database
def test_every_request_has_its_own_id(app: Flask) -> None:
    ids = {get(app, API + "/posts").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


@on_one_database
def test_the_line_of_a_request_names_the_member(
    community: Community, caplog: pytest.LogCaptureFixture
) -> None:
    member = community.member()
    caplog.set_level("INFO")
    for caller in (member, community.passer_by):
        caller.get("/posts")
    lines: list[Any] = [record.msg for record in caplog.records if record.name == "request"]
    assert [line.get("member") for line in lines] == [member.get("/me").json["id"], None]


@on_one_database
@everywhere
def test_every_answer_is_careful_with_browsers(app: Flask, address: str) -> None:
    headers = get(app, address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers


@on_one_database
def test_https_can_be_insisted_on(make_app: Callable[..., Flask]) -> None:
    headers = get(make_app(FORUM_HSTS="true"), "/healthz").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@on_one_database
def test_links_never_come_from_the_host_a_request_names(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_BASE_URL="https://talk.example.com/")
    thread = community.thread()["id"]
    answer = community.passer_by.get(f"/threads/{thread}", headers={"Host": "evil.example"})
    assert answer.json["url"] == f"https://talk.example.com/threads/{thread}"
    problem = community.passer_by.get("/nowhere", headers={"Host": "evil.example"})
    assert problem.json["type"] == "https://talk.example.com/problems/not-found"
