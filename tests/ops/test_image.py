"""The image holds the application and nothing else, and runs it as nobody in particular."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


def test_the_image_is_built_from_the_lock() -> None:
    assert "--require-hashes --requirement requirements.txt" in DOCKERFILE


def test_the_image_has_no_build_stage_left() -> None:
    assert DOCKERFILE.count("FROM python:3.13-slim") == 2
    assert "pip install" not in FINAL_STAGE


def test_the_image_does_not_run_as_root() -> None:
    assert "\nUSER crossroads\n" in FINAL_STAGE


def test_the_image_runs_the_production_server() -> None:
    command = FINAL_STAGE.rpartition("\nCMD ")[2]
    assert json.loads(command) == ["flask", "--app", "wsgi", "serve"]


def test_the_image_is_compiled_when_it_is_built() -> None:
    assert "python -m compileall -q wsgi.py forum migrations" in FINAL_STAGE


def test_the_image_is_checked_by_its_health() -> None:
    assert "HEALTHCHECK" in FINAL_STAGE
    assert "/healthz" in FINAL_STAGE


def test_the_image_takes_in_only_what_it_needs() -> None:
    first, *kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert first == "*"
    assert {line for line in kept if line.startswith("!")} == {
        "!forum",
        "!migrations",
        "!requirements.txt",
        "!wsgi.py",
    }
