"""Every error is a problem (RFC 9457)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import NoReturn

import psycopg
import pytest
from flask import Flask, abort
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from forum.core.http.headers import OTHER_POLICY
from forum.core.http.problems import explanations
from tests.apps import Answer, SeparateClient
from tests.community import API, PASSWORD, Community
from tests.cost import times_as_costly
from tests.databases import on_one_database

pytestmark = on_one_database

LOGIN = API + "/auth/login"
MARKS_AND_LETTERS = "%CC%95%CC%A7", "%C3%A4%C3%B6"
"""Normalising takes the square of the number of marks, unless what is too long is refused first."""


def sent(client: SeparateClient, data: bytes | str, kind: str = "application/json") -> Answer:
    return client.open(LOGIN, method="POST", data=data, content_type=kind)


def refusals(client: SeparateClient) -> dict[str, Answer]:
    """One answer of every kind that needs no preparation."""
    return {
        "no address": client.open("/nowhere"),
        "no address of the API": client.open(API + "/nowhere"),
        "no post": client.open(API + "/posts/nowhere"),
        "no method": client.open(LOGIN, method="PUT", json={}),
        "no JSON": sent(client, "{"),
        "no media type": sent(client, "{}", ""),
        "another media type": sent(client, "login=noor", "application/x-www-form-urlencoded"),
        "too large": sent(client, b'"' + b"x" * 300_000 + b'"'),
        "no token": client.open(API + "/me"),
        "bad token": client.open(API + "/me", headers={"Authorization": "Bearer x"}),
        "no member": sent(client, "{}"),
        "bad cursor": client.open(API + "/posts?cursor=x"),
        "bad key": client.open(
            API + "/auth/register", method="POST", json={}, headers={"Idempotency-Key": "\xe9"}
        ),
        "no credentials": client.open(
            LOGIN, method="POST", json={"login": "noor", "password": PASSWORD}
        ),
    }


STATUSES = {
    "no address": 404,
    "no address of the API": 404,
    "no post": 404,
    "no method": 405,
    "no JSON": 400,
    "no media type": 415,
    "another media type": 415,
    "too large": 413,
    "no token": 401,
    "bad token": 401,
    "no member": 422,
    "bad cursor": 400,
    "bad key": 400,
    "no credentials": 401,
}


def test_a_mistake_has_its_status(client: SeparateClient) -> None:
    assert {name: r.status_code for name, r in refusals(client).items()} == STATUSES


def test_a_problem_has_its_media_type(client: SeparateClient) -> None:
    kinds = {answer.headers["Content-Type"] for answer in refusals(client).values()}
    assert kinds == {"application/problem+json"}


def test_a_problem_has_all_its_members(client: SeparateClient) -> None:
    for answer in refusals(client).values():
        problem = answer.json
        assert set(problem) - {"errors"} == {
            "type",
            "title",
            "status",
            "detail",
            "code",
            "request_id",
        }
        assert problem["status"] == answer.status_code
        assert problem["type"] == f"http://127.0.0.1:8000/problems/{problem['code']}"
        assert problem["request_id"] == answer.headers["X-Request-ID"]


def test_no_cache_keeps_a_problem(client: SeparateClient) -> None:
    assert {r.headers["Cache-Control"] for r in refusals(client).values()} == {"no-store"}


def test_every_type_of_problem_is_explained_at_its_address(client: SeparateClient) -> None:
    for code, kind in explanations().items():
        assert client.open(f"/problems/{code}").json == {
            "code": code,
            "status": kind.status,
            "title": kind.title,
            "explanation": kind.explanation,
        }


def test_kinds_that_share_a_code_are_explained_by_the_most_general(client: SeparateClient) -> None:
    told = client.open("/problems/not-found").json["explanation"]
    assert told == "Nothing is here, or nothing that the reader may see."


def test_what_has_nothing_more_to_say_says_what_it_means(client: SeparateClient) -> None:
    detail = client.open(API + "/me").json["detail"]
    assert detail == client.open("/problems/unauthorized").json["explanation"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad-request"),
        (405, "method-not-allowed"),
        (413, "request-entity-too-large"),
        (415, "unsupported-media-type"),
        (418, "bad-request"),
        (500, "internal-server-error"),
        (501, "internal-server-error"),
    ],
)
def test_a_status_of_http_is_a_problem_that_is_explained(
    make_app: Callable[..., Flask], status: int, code: str
) -> None:
    app = make_app()
    app.add_url_rule("/raised", "raised", lambda: abort(status))
    client = SeparateClient(app)
    raised = client.open("/raised")
    assert (raised.status_code, raised.json["code"]) == (status, code)
    assert raised.json["title"] == client.open(f"/problems/{code}").json["title"]


def test_an_unknown_type_is_a_problem_itself(client: SeparateClient) -> None:
    assert client.open("/problems/nonsense").json["code"] == "not-found"


def test_another_method_is_told_the_right_ones(client: SeparateClient) -> None:
    answer = client.open(API + "/posts", method="DELETE")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[" * 100_000, '{"login": NaN}', '{"login": "\\ud800"}', "\xff", "{'login': 1}"],
)
def test_what_is_no_json_is_a_bad_request(client: SeparateClient, body: str) -> None:
    answer = sent(client, body.encode("latin-1"))
    assert (answer.status_code, answer.json["code"]) == (400, "malformed-json")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"login"'])
def test_json_that_is_no_object_is_invalid(client: SeparateClient, body: str) -> None:
    answer = sent(client, body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "")


def test_members_are_pointed_at_as_json_pointer_has_it(client: SeparateClient) -> None:
    answer = sent(client, '{"login": "noor", "password": "x", "a/b~c": 1}')
    assert [error["pointer"] for error in answer.json["errors"]] == ["/a~1b~0c"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/me"),
        ("GET", "/posts"),
        ("GET", "/posts/lookup?url=https://a.example/"),
        ("GET", "/users/nobody"),
        ("GET", "/threads/1"),
        ("GET", "/threads/1/replies"),
        ("GET", "/replies/1/context"),
        ("GET", "/replies/1/path"),
        ("POST", "/auth/logout"),
        ("DELETE", "/threads/1"),
        ("DELETE", "/threads/1/vote"),
        ("PUT", "/threads/1/pin"),
    ],
)
def test_unknown_parameters_are_refused(community: Community, method: str, address: str) -> None:
    separator = "&" if "?" in address else "?"
    answer = community.admin.call(method, f"{address}{separator}colour=red")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?colour")


def test_unknown_parameters_beside_a_body_are_refused(community: Community) -> None:
    answer = community.passer_by.post("/auth/login?colour=red", {"login": "n", "password": "x"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?colour")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PATCH", "/me"),
        ("PATCH", "/threads/{thread}"),
        ("POST", "/threads/{thread}/replies"),
        ("PUT", "/threads/{thread}/vote"),
        ("PUT", "/threads/{thread}/lock"),
    ],
)
def test_unknown_members_are_refused(community: Community, method: str, address: str) -> None:
    thread = community.thread()["id"]
    answer = community.admin.call(method, address.format(thread=thread), json={"colour": "red"})
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert (answer.status_code, "/colour" in pointers) == (422, True)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/auth/logout"),
        ("DELETE", "/threads/{thread}/vote"),
        ("DELETE", "/threads/{thread}"),
    ],
)
def test_where_no_body_is_expected_no_member_is_known(
    community: Community, method: str, address: str
) -> None:
    address = address.format(thread=community.thread()["id"])
    answer = community.admin.call(method, address, json={"x": 1})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/x")
    form = community.admin.call(method, address, data={"x": "1"})
    assert form.status_code == 415
    assert community.admin.call(method, address, json={}).status_code in {200, 204}


@pytest.mark.parametrize("kind", ["threads", "replies"])
@pytest.mark.parametrize(
    "number", ["0", "-1", "1", str(2**31), str(2**53), str(2**64), "9" * 400, "x", "1.0", "٣", "+1"]
)
def test_unknown_ids_are_not_found(community: Community, kind: str, number: str) -> None:
    answer = community.passer_by.get(f"/{kind}/{number}")
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


@pytest.mark.parametrize("number", ["0", "-1", str(2**64), "1.5", '"1"', "true", "[1]"])
def test_impossible_ids_in_a_body_are_invalid(community: Community, number: str) -> None:
    data = f'{{"body": "Go.", "parent_id": {number}}}'
    address = f"/threads/{community.thread()['id']}/replies"
    answer = community.member().post(address, data=data, content_type="application/json")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/parent_id")


def test_a_whole_number_is_an_id_however_json_writes_it(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}/replies"
    data = '{"body": "Go.", "parent_id": 1e2}'
    answer = community.member().post(address, data=data, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (404, "parent-not-found")


@pytest.mark.parametrize(
    "address",
    ["/posts/a%00b", "/users/%00", "/posts/%ff", "/users/%ed%a0%80", "/posts/%0a/threads"],
)
def test_names_that_cannot_be_are_not_found(community: Community, address: str) -> None:
    assert community.passer_by.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/users/{}", "/api/v1/users/{}", "/feeds/users/{}.atom", "/posts/{}"]
)
def test_a_name_longer_than_any_costs_no_time(client: SeparateClient, address: str) -> None:
    with_marks, plain = (address.format(f"ab{part * 25_000}") for part in MARKS_AND_LETTERS)
    assert client.get(with_marks).status_code == 404
    assert times_as_costly(lambda: client.get(with_marks), lambda: client.get(plain)) < 5


def failing(app: Flask, failure: Exception) -> Answer:
    """What is answered where something raises this failure."""

    def view() -> NoReturn:
        raise failure

    app.add_url_rule("/raised", "raised", view)
    return SeparateClient(app).open("/raised")


@pytest.mark.parametrize(
    "failure",
    [
        PoolTimeoutError("QueuePool limit reached"),
        OperationalError("UPDATE", {}, psycopg.errors.LockNotAvailable()),
        OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected()),
        OperationalError("SELECT", {}, psycopg.OperationalError("the connection is lost")),
    ],
)
def test_a_database_that_is_busy_or_away_is_a_passing_problem(
    make_app: Callable[..., Flask], failure: Exception
) -> None:
    answer = failing(make_app(), failure)
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def sqlite_failure(statement: str, *, locked: bool) -> Exception:
    """What SQLAlchemy raises for a statement on an empty database, which somebody may hold."""
    with closing(sqlite3.connect("file::memory:?cache=shared", uri=True)) as holder:
        if locked:
            holder.execute("BEGIN EXCLUSIVE")
            holder.execute("CREATE TABLE held (id)")
        engine = create_engine(
            "sqlite:///file::memory:?cache=shared&uri=true", connect_args={"timeout": 0}
        )
        with pytest.raises(OperationalError) as raised, engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
    return raised.value


def test_a_locked_database_is_a_passing_problem(make_app: Callable[..., Flask]) -> None:
    failure = sqlite_failure("CREATE TABLE other (id)", locked=True)
    assert failing(make_app(), failure).status_code == 503


def test_a_table_that_is_missing_is_a_failure(make_app: Callable[..., Flask]) -> None:
    failure = sqlite_failure("SELECT * FROM nowhere", locked=False)
    assert failing(make_app(), failure).status_code == 500


def test_the_log_names_no_values_of_what_a_busy_database_was_asked(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    busy = psycopg.errors.LockNotAvailable("lock timeout")
    failing(make_app(), OperationalError("UPDATE", {"email": "noor@example.org"}, busy))
    assert "lock timeout" in caplog.text
    assert "noor@example.org" not in caplog.text


def test_an_answer_without_content_has_no_type_of_it(community: Community) -> None:
    answer = community.member().post("/auth/logout")
    assert answer.status_code == 204
    assert "Content-Type" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == OTHER_POLICY


def test_a_failure_tells_nothing_of_its_cause(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("a secret of the house")

    member = community.member()
    monkeypatch.setattr("forum.core.clock.now", broken)
    answer = member.get("/me")
    assert (answer.status_code, answer.json["code"]) == (500, "internal-server-error")
    assert "secret" not in answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
