"""What `flask serve` says before it serves."""

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from forum import examples
from forum.cli.serve import announcement, demo_sign_in, site_at


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("forum.example.com", "http://forum.example.com:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - nothing listens there
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_the_server_names_an_address_that_a_browser_can_open(host: str, site: str) -> None:
    assert site_at(host, 8000) == site


def test_the_announcement_names_the_demo_when_it_is_there() -> None:
    said = announcement("http://127.0.0.1:8000", "a-post", ("mod", "a password"))
    assert "http://127.0.0.1:8000/posts/a-post" in said
    assert "mod / a password" in said


def test_the_announcement_of_an_empty_forum_names_no_post() -> None:
    assert "/posts/" not in announcement("http://127.0.0.1:8000", None, None)


def create_moderator(cli: FlaskCliRunner, *more: str) -> None:
    cli.invoke(args=["users", "create", examples.LOGIN, "--role", "moderator", *more])


def test_the_demo_is_announced_with_its_sign_in(cli: FlaskCliRunner, session: Session) -> None:
    create_moderator(cli, "--password", examples.PASSWORD)
    assert demo_sign_in() == (examples.LOGIN, examples.PASSWORD)


def test_somebody_with_the_name_of_the_demo_is_not_announced(
    cli: FlaskCliRunner, session: Session
) -> None:
    create_moderator(cli)
    assert demo_sign_in() is None
