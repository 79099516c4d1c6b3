"""Commands on a database that is not there, or not that of this release."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from forum.app import create_app
from tests.apps import SeparateRunner
from tests.databases import settings_for
from tests.servers import free_port

COMMANDS = (["demo"], ["recount"], ["users", "create", "noor"])


def runner(database_url: str) -> FlaskCliRunner:
    return SeparateRunner(create_app(settings_for(database_url)))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_without_tables_is_told_with_what_to_do(
    command: list[str], tmp_path: Path
) -> None:
    refused = runner(f"sqlite:///{tmp_path}/empty.db").invoke(args=command)
    assert refused.exit_code == 1
    assert refused.output.endswith("run: flask --app wsgi db upgrade\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_does_not_answer_is_told_in_one_line(command: list[str]) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    refused = runner(nowhere).invoke(args=command)
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: The database does not answer: ")
    assert refused.output.count("\n") == 1


def test_a_migrated_database_may_be_used(app: Flask, cli: FlaskCliRunner) -> None:
    assert cli.invoke(args=["recount", "--check"]).exit_code == 0
