"""`flask users create`."""

from typing import Any

from flask.testing import FlaskCliRunner

from tests.community import PASSWORD, Community


def create(cli: FlaskCliRunner, *arguments: str) -> Any:
    return cli.invoke(args=["users", "create", *arguments])


def test_a_created_member_signs_in_with_the_given_password(
    cli: FlaskCliRunner, community: Community
) -> None:
    create(cli, "noor", "--email", "noor@example.org", "--password", PASSWORD)
    login = {"login": "noor", "password": PASSWORD}
    assert community.passer_by.post("/auth/login", login).status_code == 200


def test_a_missing_password_is_generated_and_printed(
    cli: FlaskCliRunner, community: Community
) -> None:
    printed = create(cli, "noor").output.rpartition("Password: ")[2].strip()
    login = {"login": "noor", "password": printed}
    assert community.passer_by.post("/auth/login", login).status_code == 200


def test_a_created_account_has_the_role_that_was_asked_for(
    cli: FlaskCliRunner, community: Community
) -> None:
    create(cli, "noor", "--role", "moderator")
    assert community.passer_by.ok("GET", "/users/noor")["role"] == "moderator"


def test_the_owner_may_use_a_name_that_is_reserved(
    cli: FlaskCliRunner, community: Community
) -> None:
    create(cli, "admin", "--role", "admin")
    assert community.passer_by.ok("GET", "/users/admin")["role"] == "admin"


def test_a_taken_name_is_refused_with_exit_code_1(cli: FlaskCliRunner) -> None:
    create(cli, "noor")
    refused = create(cli, "NOOR", "--email", "other@example.org")
    assert refused.exit_code == 1
    assert "There is a member named NOOR" in refused.output


def test_a_taken_address_is_refused_with_exit_code_1(cli: FlaskCliRunner) -> None:
    create(cli, "noor", "--email", "noor@example.org")
    assert create(cli, "basil", "--email", "Noor@example.org").exit_code == 1


def test_an_address_that_is_none_is_a_usage_error(cli: FlaskCliRunner) -> None:
    assert create(cli, "noor", "--email", "noor at home").exit_code == 2


def test_a_weak_password_is_refused_as_at_registration(cli: FlaskCliRunner) -> None:
    refused = create(cli, "noor", "--password", "password123")
    assert refused.exit_code == 1
    assert "password" in refused.output


def test_a_name_with_other_characters_is_a_usage_error(cli: FlaskCliRunner) -> None:
    assert create(cli, "no or").exit_code == 2


def test_an_unknown_role_is_a_usage_error(cli: FlaskCliRunner) -> None:
    assert create(cli, "noor", "--role", "emperor").exit_code == 2
