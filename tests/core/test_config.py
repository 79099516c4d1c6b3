"""Settings: where they come from, and with which the service refuses to start."""

from typing import Any

import pytest

from forum.app import create_app
from forum.config import ConfigurationError, Settings

KEY = "a key that signs nothing outside these tests"


def load(**values: Any) -> Settings:
    return Settings.load({"FORUM_SECRET_KEY": KEY, **values})


def test_a_key_is_enough() -> None:
    assert load().base_url == "http://127.0.0.1:8000"


def test_without_a_key_the_service_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORUM_SECRET_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="FORUM_SECRET_KEY is not set"):
        create_app()


@pytest.mark.parametrize("key", ["", "x" * 31, "short but various: 0123456789ab"])
def test_a_short_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="shorter than 32 bytes"):
        load(FORUM_SECRET_KEY=key)


@pytest.mark.parametrize("key", ["a" * 64, "abc" * 30, "change-me" * 4, "Secret-Key" * 5])
def test_a_known_or_trivial_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="known or trivial"):
        load(FORUM_SECRET_KEY=key)


def test_a_refusal_never_shows_the_key() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(FORUM_SECRET_KEY="hunter2hunter2")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORUM_MAX_BODY_LENGTH", "20001"),
        ("FORUM_MAX_BODY_LENGTH", "long"),
        ("FORUM_HSTS", "perhaps"),
        ("FORUM_ALLOWED_ORIGINS", "*"),
        ("FORUM_ALLOWED_ORIGINS", "https://blog.example.com/"),
        ("FORUM_ALLOWED_ORIGINS", "https://blog.example.com,blog.example.org"),
        ("FORUM_ALLOWED_ORIGINS", "https://*.example.com"),
        ("FORUM_TRUSTED_PROXIES", "proxy.example"),
        ("FORUM_RATELIMIT_WRITE", "often"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name[:15]):
        create_app({"FORUM_SECRET_KEY": KEY, name: value})


@pytest.mark.parametrize(
    ("raw", "truth"),
    [("true", True), ("1", True), ("ON", True), ("false", False), ("0", False), (False, False)],
)
def test_yes_and_no_are_read_as_people_write_them(raw: Any, truth: bool) -> None:
    assert load(FORUM_HSTS=raw).hsts is truth


def test_lists_are_separated_by_commas() -> None:
    origins = load(FORUM_ALLOWED_ORIGINS="https://a.example, https://b.example,").allowed_origins
    assert origins == ("https://a.example", "https://b.example")


def test_settings_given_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_SECRET_KEY", KEY)
    monkeypatch.setenv("FORUM_SITE_NAME", "Of the environment")
    assert create_app().config["SITE_NAME"] == "Of the environment"
    assert create_app({"FORUM_SITE_NAME": "Given"}).config["SITE_NAME"] == "Given"


def test_the_environment_may_speak_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_SECRET_KEY", KEY)
    monkeypatch.setenv("FORUM_ALLOWED_ORIGINS", '["https://a.example"]')
    assert create_app().extensions["settings"].allowed_origins == ("https://a.example",)
