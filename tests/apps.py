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
from tests.databases import settings_for


class Answer(TestResponse):
    """What a client is answered; only tests that expect JSON ask for it."""

    @property
    def json(self) -> Any:
        return self.get_json()


class SeparateClient(FlaskClient):
    """A client whose requests see nothing of the test's own application context."""

    def __init__(self, app: Flask, *_: object, **kwargs: Any) -> None:
        super().__init__(app, Answer, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> Answer:
        return cast(Answer, Context().run(super().open, *args, **kwargs))


class SeparateRunner(FlaskCliRunner):
    """A command line that sees nothing of the test's own application context."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        return Context().run(super().invoke, *args, **kwargs)


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Makes applications on the test's database: `make_app(FORUM_BASE_URL="https://a.example")`."""
    made: list[Flask] = []

    def make(**more: object) -> Flask:
        app = create_app(settings_for(database_url, **more))
        app.test_client_class = SeparateClient
        app.test_cli_runner_class = SeparateRunner
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application without rate limits."""
    return make_app()


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
