"""The application under test, its clients and a session."""

from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any, cast

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from forum.app import create_app
from forum.core.db import db
from forum.core.mail.mailer import current_mailer
from tests.databases import settings_for
from tests.described import deviations


class Answer(TestResponse):
    """What a client is answered; only tests that expect JSON ask for it."""

    @property
    def json(self) -> Any:
        return self.get_json()


class SeparateClient(FlaskClient):
    """A client whose requests see nothing of the test's own application context.

    Every answer must be as the OpenAPI document says.
    """

    def __init__(self, app: Flask, *_: object, **kwargs: Any) -> None:
        super().__init__(app, Answer, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> Answer:
        kwargs.setdefault("buffered", True)  # closes files that are sent
        answer = cast(Answer, Context().run(super().open, *args, **kwargs))
        assert deviations(self.application, answer) == [], answer.get_data(as_text=True)
        return answer


class SeparateRunner(FlaskCliRunner):
    """A command line that sees nothing of the test's own application context."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        return Context().run(super().invoke, *args, **kwargs)


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Makes applications on the test's database: `make_app(FORUM_BASE_URL="https://a.example")`."""
    made: list[Flask] = []

    def make(**more: object) -> Flask:
        made.append(_make_app(database_url, **more))
        return made[-1]

    yield make
    for app in made:
        disconnect(app)


@pytest.fixture(scope="session")
def kept_apps() -> dict[tuple[str, str], Flask]:
    """By database address and settings: making an application takes longer than most tests."""
    return {}


@pytest.fixture
def keep_app(
    database_url: str, kept_apps: dict[tuple[str, str], Flask]
) -> Iterator[Callable[..., Flask]]:
    """Gives every test the same application for the same settings: to change one, make it."""
    given: list[Flask] = []

    def keep(**more: object) -> Flask:
        key = (database_url, repr(sorted(more.items())))
        if key not in kept_apps:
            kept_apps[key] = _make_app(database_url, **more)
        given.append(kept_apps[key])
        return given[-1]

    yield keep
    for app in given:
        disconnect(app)


@pytest.fixture
def app(keep_app: Callable[..., Flask]) -> Flask:
    """The application without rate limits, the same for every test: to change it, make one."""
    return keep_app()


@pytest.fixture
def client(app: Flask) -> SeparateClient:
    """Sends requests to the application; each has its own session, as in production."""
    return SeparateClient(app)


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    """Runs `flask` commands against the application."""
    return app.test_cli_runner()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own: commit before a request is to see what it wrote."""
    with app.app_context():
        yield db.session()


def _make_app(database_url: str, **more: object) -> Flask:
    app = create_app(settings_for(database_url, **more))
    app.test_client_class = SeparateClient
    app.test_cli_runner_class = SeparateRunner
    return app


def disconnect(app: Flask) -> None:
    """Close the connections of an application to its database and its mail server."""
    with app.app_context():
        db.engine.dispose()
        current_mailer().transport.close()
