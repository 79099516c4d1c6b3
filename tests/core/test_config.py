"""Settings: where they come from, and with which the service refuses to start."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from forum.app import create_app
from forum.config import (
    ConfigurationError,
    Settings,
    environment_name,
    misnamed,
    settings_in,
)

KEY = "a key that signs nothing outside these tests"


def load(**values: Any) -> Settings:
    return Settings.load({"FORUM_SECRET_KEY": KEY, **values})


def test_a_key_is_enough() -> None:
    assert load().base_url == "http://127.0.0.1:8000"


def test_without_a_key_the_service_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORUM_SECRET_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="FORUM_SECRET_KEY is not set"):
        create_app()


@pytest.mark.parametrize("key", ["x" * 31, "short but various: 0123456789ab"])
def test_a_short_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="at least 32 bytes"):
        load(FORUM_SECRET_KEY=key)


@pytest.mark.parametrize(
    "key",
    [
        "a" * 64,
        "abc" * 30,
        "dev" * 20,
        "change-me" * 4,
        "Secret-Key" * 5,
        "change-me-change-me-change-me-0123456789",
        "your-secret-key-goes-here-1234567890",
    ],
)
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
        ("DATABASE_URL", "mysql://user:password@host/database"),
        ("DATABASE_URL", "postgresql+psycopg2://host/database"),
        ("DATABASE_URL", "postgresql://host:port/database"),
        ("DATABASE_URL", "forum.db"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost:6379"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("REDIS_URL", "redis://localhost/database"),
        ("FORUM_BASE_URL", "forum.example.com"),
        ("FORUM_BASE_URL", "https://example.com/forum"),
        ("FORUM_BASE_URL", "https://example.com?forum"),
        ("FORUM_BASE_URL", "https://me:secret@example.com"),
        ("FORUM_SMTP_URL", "mail.example.com:25"),
        ("FORUM_SMTP_URL", "http://mail.example.com"),
        ("FORUM_SMTP_URL", "smtp://me:secret@"),
        ("FORUM_SMTP_URL", "smtp://mail.example.com/inbox"),
        ("FORUM_SMTP_URL", "smtp://mail.example.com:port"),
        ("FORUM_SMTP_URL", "smtp://mail.example.com:99999"),
        ("FORUM_SMTP_URL", "smtp://me@mail.example.com"),
        ("FORUM_MAIL_FROM", "The forum"),
        ("FORUM_MAIL_FROM", "forum@"),
        ("FORUM_MAIL_FROM", "forum@localhost"),
        ("FORUM_MAILS_A_DAY", "0"),
        ("FORUM_ACCESS_TOKEN_MINUTES", "0"),
        ("FORUM_REFRESH_TOKEN_DAYS", "-1"),
        ("FORUM_MAX_REQUEST_BYTES", "0"),
        ("FORUM_MAX_BODY_LENGTH", "20001"),
        ("FORUM_MAX_BODY_LENGTH", "long"),
        ("FORUM_MAX_NESTING", "0"),
        ("FORUM_MAX_NESTING", "2.5"),
        ("FORUM_PATH_QUORUM", "0"),
        ("FORUM_PATH_COMMUNITY_SHARE", "50"),
        ("FORUM_PATH_AUTHOR_SHARE", "101"),
        ("FORUM_PATH_BRIDGE_SHARE", "51"),
        ("FORUM_PATH_BRIDGE_NEITHER_SHARE", "-1"),
        ("FORUM_DATABASE_POOL_SIZE", "0"),
        ("FORUM_PAGE_CACHE_MEGABYTES", "-1"),
        ("FORUM_LOG_LEVEL", "loud"),
        ("FORUM_HSTS", "perhaps"),
        ("FORUM_ALLOWED_ORIGINS", "*"),
        ("FORUM_ALLOWED_ORIGINS", "https://blog.example.com/"),
        ("FORUM_ALLOWED_ORIGINS", "https://blog.example.com,blog.example.org"),
        ("FORUM_ALLOWED_ORIGINS", "https://*.example.com"),
        ("FORUM_TRUSTED_PROXIES", "proxy.example"),
        ("FORUM_RATELIMIT_WRITE", "often"),
        ("FORUM_RATELIMIT_WRITE", "0 per minute"),
        ("FORUM_RATELIMIT_WRITE", "10 per minute; 5 per second"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}: expected .*[.]$"):
        load(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://user:password@host/database"),
        ("DATABASE_URL", "postgresql://user@[::1]:5432/database?sslmode=require"),
        ("DATABASE_URL", "sqlite:////srv/forum.db"),
        ("REDIS_URL", "redis://:password@host:6379/0"),
        ("REDIS_URL", "rediss://host"),
        ("FORUM_BASE_URL", "http://[::1]:8000"),
        ("FORUM_SMTP_URL", "smtp://127.0.0.1:2525"),
        ("FORUM_SMTP_URL", "smtp://me%40example.com:secret@mail.example.com:587"),
        ("FORUM_SMTP_URL", "smtps://me:secret@[::1]"),
        ("FORUM_MAIL_FROM", "forum@example.com"),
        ("FORUM_MAIL_FROM", "The forum <forum@example.com>"),
        ("FORUM_LOG_LEVEL", "DEBUG"),
    ],
)
def test_what_can_be_meant_is_taken_as_it_is(name: str, value: str) -> None:
    assert value in vars(load(**{name: value})).values()


def test_a_slash_at_the_end_of_the_address_makes_no_difference() -> None:
    assert load(FORUM_BASE_URL="https://forum.example.com/").base_url == "https://forum.example.com"


@pytest.mark.parametrize("setting", [f.name for f in fields(Settings) if f.name != "secret_key"])
def test_an_empty_setting_keeps_its_default(setting: str) -> None:
    assert load(**{environment_name(setting): " "}) == load()


def test_an_empty_key_is_none() -> None:
    with pytest.raises(ConfigurationError, match="FORUM_SECRET_KEY is not set"):
        load(FORUM_SECRET_KEY="")


def test_a_database_in_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="gone does not exist"):
        create_app({"FORUM_SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{tmp_path}/gone/forum.db"})


def test_a_misspelt_setting_is_told_with_what_was_meant() -> None:
    told = misnamed(["FORUM_SITENAME", "FORUM_SITE_NAME", "REDIS_URL", "HOME"])
    assert told == ["FORUM_SITENAME is no setting; did you mean FORUM_SITE_NAME?"]


def test_a_name_like_none_is_told_without_a_guess() -> None:
    assert misnamed(["FORUM_QQQQ"]) == ["FORUM_QQQQ is no setting."]


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
    assert settings_in(create_app()).site_name == "Of the environment"
    assert settings_in(create_app({"FORUM_SITE_NAME": "Given"})).site_name == "Given"


def test_the_environment_may_speak_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORUM_SECRET_KEY", KEY)
    monkeypatch.setenv("FORUM_ALLOWED_ORIGINS", '["https://a.example"]')
    assert settings_in(create_app()).allowed_origins == ("https://a.example",)
