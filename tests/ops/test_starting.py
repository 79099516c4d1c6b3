"""What the flask program reads before it starts, and how it refuses to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import free_port

WSGI = Path(__file__).parents[2] / "wsgi.py"
KEY = "nothing that anybody would guess"


def flask(directory: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program, run in a directory and with no settings but these."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FORUM_", "FLASK_", "DATABASE_", "REDIS_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(WSGI), *arguments],
        cwd=directory,
        env={**kept, "DATABASE_URL": f"sqlite:///{directory}/forum.db", **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_reads_the_settings_beside_it_and_lists_the_commands(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"FORUM_SECRET_KEY={KEY}\n")
    helped = flask(tmp_path, "--help")
    assert helped.returncode == 0
    assert {"demo", "recount", "serve", "users", "worker"} <= set(helped.stdout.split())


@pytest.mark.parametrize("arguments", [("--help",), ("recount",)])
def test_a_setting_that_cannot_work_is_told_in_one_line(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    refused = flask(tmp_path, *arguments, FORUM_SECRET_KEY=KEY, FORUM_MAX_NESTING="deep")
    assert refused.returncode == 1
    assert refused.stderr == (
        "Crossroads does not start. FORUM_MAX_NESTING: expected a whole number from 1 to 100.\n"
    )


def test_migrating_tells_what_was_done_and_nothing_where_nothing_was(tmp_path: Path) -> None:
    first = flask(tmp_path, "db", "upgrade", FORUM_SECRET_KEY=KEY)
    second = flask(tmp_path, "db", "upgrade", FORUM_SECRET_KEY=KEY)
    assert first.stdout.startswith("Upgraded the database by revision 0001.\n")
    assert second.stdout + second.stderr == ""


def test_nothing_is_served_from_a_database_without_tables(tmp_path: Path) -> None:
    refused = flask(tmp_path, "serve", "--port", str(free_port()), FORUM_SECRET_KEY=KEY)
    assert refused.returncode == 1
    assert refused.stderr.endswith("run: flask --app wsgi db upgrade\n")
