"""The compose file starts everything in order, keeps its data and has no default secret."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from forum.config import Settings, environment_name
from forum.worker.jobs import HEARTBEAT

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = ("app", "worker", "migrate")
LASTING = ("app", "worker", "postgres", "redis")


def test_every_service_is_there() -> None:
    assert set(SERVICES) == {"app", "worker", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("service", LASTING)
def test_a_lasting_service_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]


@pytest.mark.parametrize("service", LASTING)
def test_a_lasting_service_is_started_again(service: str) -> None:
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize(
    ("service", "folder"), [("postgres", "/var/lib/postgresql/data"), ("redis", "/data")]
)
def test_data_lives_on_a_named_volume(service: str, folder: str) -> None:
    (volume,) = SERVICES[service]["volumes"]
    name, _, mounted = volume.partition(":")
    assert name in COMPOSE["volumes"]
    assert mounted == folder


@pytest.mark.parametrize(("service", "image"), [("postgres", "postgres:17"), ("redis", "redis:7")])
def test_a_server_has_its_version(service: str, image: str) -> None:
    assert SERVICES[service]["image"] == image


@pytest.mark.parametrize("secret", ["FORUM_SECRET_KEY", "POSTGRES_PASSWORD"])
def test_a_secret_has_no_default(secret: str) -> None:
    assert f"${{{secret}:?" in TEXT
    assert f"${{{secret}:-" not in TEXT
    assert f"${{{secret}}}" not in TEXT


@pytest.mark.parametrize("service", OWN)
def test_the_database_and_redis_are_those_of_the_file(service: str) -> None:
    settings = SERVICES[service]["environment"]
    assert settings["DATABASE_URL"].endswith("@postgres/crossroads")
    assert settings["REDIS_URL"] == "redis://redis:6379/0"


@pytest.mark.parametrize("service", OWN)
def test_every_setting_can_be_given(service: str) -> None:
    names = {environment_name(f.name) for f in fields(Settings)}
    names -= {"DATABASE_URL", "REDIS_URL", "FORUM_TESTING"}
    given = {name for name in SERVICES[service]["environment"] if name.startswith("FORUM_")}
    assert given == names


@pytest.mark.parametrize("service", OWN)
def test_own_processes_may_do_little(service: str) -> None:
    own = SERVICES[service]
    assert own["cap_drop"] == ["ALL"]
    assert own["read_only"] is True


@pytest.mark.parametrize("service", ["app", "worker"])
def test_nothing_works_before_the_database_is_migrated(service: str) -> None:
    before = SERVICES[service]["depends_on"]
    assert before["migrate"] == {"condition": "service_completed_successfully"}
    assert before["redis"] == {"condition": "service_healthy"}


def test_the_migration_waits_for_the_database() -> None:
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("service", OWN)
def test_a_command_is_one_of_the_application(service: str) -> None:
    assert SERVICES[service]["command"][:3] == ["flask", "--app", "wsgi"]


def test_only_the_application_is_reached_and_only_from_this_machine() -> None:
    reached = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert list(reached) == ["app"]
    assert all(port.startswith("127.0.0.1:") for port in reached["app"])


def test_the_database_is_healthy_only_once_others_can_reach_it() -> None:
    test = SERVICES["postgres"]["healthcheck"]["test"]
    assert test[test.index("--host") + 1] == "127.0.0.1"


@pytest.mark.parametrize(("age", "status"), [(0, 0), (100, 0), (200, 1)])
def test_a_worker_is_healthy_while_its_heart_beats(age: int, status: int, tmp_path: Path) -> None:
    heart = tmp_path / "instance" / HEARTBEAT
    heart.parent.mkdir()
    heart.touch()
    then = heart.stat().st_mtime - age
    os.utime(heart, (then, then))
    assert health_of_worker(tmp_path) == status


def test_a_worker_without_a_heartbeat_is_not_healthy(tmp_path: Path) -> None:
    assert health_of_worker(tmp_path) == 1


def health_of_worker(directory: Path) -> int:
    """The exit status of the health check, run in `directory`."""
    _, _, *arguments = SERVICES["worker"]["healthcheck"]["test"]
    checked = subprocess.run(
        [sys.executable, *arguments], cwd=directory, capture_output=True, check=False
    )
    return checked.returncode


def test_links_lead_to_the_port_that_is_opened() -> None:
    port = SERVICES["app"]["environment"]["PORT"]
    assert SERVICES["app"]["ports"] == [f"127.0.0.1:{port}:{port}"]
