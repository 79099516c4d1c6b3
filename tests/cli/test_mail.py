"""`flask mail test`: whether mail can be sent, told at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from forum.core.mail.files import FileTransport
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.servers import free_port

pytestmark = on_one_database


def test_a_mail_is_sent(cli: FlaskCliRunner, mailbox: Mailbox) -> None:
    result = cli.invoke(args=["mail", "test", "lena@example.com"])
    assert (result.exit_code, result.output) == (0, "Sent to lena@example.com through 127.0.0.1.\n")
    assert mailbox.only().recipient == "lena@example.com"


def test_without_a_server_it_says_where_the_file_is(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    app = make_app()
    app.extensions["mail"] = replace(app.extensions["mail"], transport=FileTransport(tmp_path))
    result = app.test_cli_runner().invoke(args=["mail", "test", "lena@example.com"])
    assert result.output == f"Sent to lena@example.com into {tmp_path}.\n"
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_a_refusal_is_told(cli: FlaskCliRunner, mailbox: Mailbox) -> None:
    mailbox.answers_to_recipient = ["550 5.1.1 No such user"]
    result = cli.invoke(args=["mail", "test", "lena@example.com"])
    assert (result.exit_code, result.output) == (1, "Error: 550 5.1.1 No such user\n")


def test_a_server_that_is_away_is_told(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    result = app.test_cli_runner().invoke(args=["mail", "test", "lena@example.com"])
    assert result.exit_code == 1
    assert "Connection refused" in result.output


@pytest.mark.parametrize("address", ["lena", "lena@localhost", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_is_told(cli: FlaskCliRunner, mailbox: Mailbox, address: str) -> None:
    result = cli.invoke(args=["mail", "test", address])
    assert result.exit_code == 1
    assert mailbox.mails == []
