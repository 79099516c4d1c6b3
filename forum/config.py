"""Every setting of the service in one typed table, read once from the environment."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Self

KNOWN_KEYS = frozenset({"change-me", "changeme", "dev", "secret", "secret-key", "your-secret-key"})
MIN_KEY_BYTES = 32
LONGEST_BODY = 20_000
"""Rendering Markdown takes quadratic time for some inputs, so no setting goes beyond this."""


_ORIGIN = re.compile(r"https?://[^/?#\s*]+")


class ConfigurationError(Exception):
    """A setting that the service refuses to start with."""


@dataclass(frozen=True)
class PathThresholds:
    """When ballots decide a reply's path; shares are whole percents of all ballots."""

    quorum: int = 3
    community: int = 60
    author: int = 40
    bridge: int = 35
    bridge_neither: int = 20


@dataclass(frozen=True)
class Settings:
    """Names in the environment: `DATABASE_URL`, `REDIS_URL`, and `FORUM_` + the field's name."""

    secret_key: str
    database_url: str = ""
    redis_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    site_name: str = "Crossroads"

    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    hsts: bool = False

    access_token_minutes: int = 15
    refresh_token_days: int = 30
    require_confirmed_email: bool = False

    max_request_bytes: int = 256 * 1024
    max_body_length: int = 10_000
    max_nesting: int = 20

    ratelimit_enabled: bool = True
    ratelimit_register: str = "100 per hour"
    ratelimit_login: str = "60 per minute"
    ratelimit_write: str = "120 per minute"
    ratelimit_vote: str = "300 per minute"
    ratelimit_read: str = "3000 per minute"

    path_quorum: int = 3
    path_community_share: int = 60
    path_author_share: int = 40
    path_bridge_share: int = 35
    path_bridge_neither_share: int = 20

    database_pool_size: int = 5
    page_cache_megabytes: int = 32
    log_level: str = "INFO"
    log_json: bool = True
    testing: bool = False

    thresholds: PathThresholds = field(init=False)

    def __post_init__(self) -> None:
        _refuse_weak_key(self.secret_key)
        if self.max_body_length > LONGEST_BODY:
            raise ConfigurationError(f"FORUM_MAX_BODY_LENGTH may be at most {LONGEST_BODY}.")
        _refuse_other_than_origins(self.allowed_origins)
        thresholds = PathThresholds(
            quorum=self.path_quorum,
            community=self.path_community_share,
            author=self.path_author_share,
            bridge=self.path_bridge_share,
            bridge_neither=self.path_bridge_neither_share,
        )
        object.__setattr__(self, "thresholds", thresholds)

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> Self:
        """Build from raw values by environment name; raises `ConfigurationError`."""
        known = {f.name: f for f in fields(cls) if f.init}
        given = {name: values.get(_environment_name(name)) for name in known}
        present = {name: raw for name, raw in given.items() if raw is not None}
        missing = [
            name for name, f in known.items() if f.default is MISSING and name not in present
        ]
        if missing:
            raise ConfigurationError(f"{_environment_name(missing[0])} is not set.")
        return cls(**{name: _convert(name, known[name].type, raw) for name, raw in present.items()})


def _environment_name(name: str) -> str:
    return name.upper() if name in {"database_url", "redis_url"} else f"FORUM_{name.upper()}"


def _convert(name: str, kind: object, raw: Any) -> Any:
    try:
        if kind is bool:
            return _boolean(raw)
        if kind is int:
            return int(raw)
        if kind is str:
            return str(raw)
        parts = raw if isinstance(raw, list) else str(raw).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    except ValueError as error:
        raise ConfigurationError(f"{_environment_name(name)}: {error}") from error


def _boolean(raw: Any) -> bool:
    text = str(raw).strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected true or false")


def _refuse_weak_key(key: str) -> None:
    if len(key.encode()) < MIN_KEY_BYTES:
        raise ConfigurationError(
            f"FORUM_SECRET_KEY is shorter than {MIN_KEY_BYTES} bytes; "
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    lowered = key.lower()
    if lowered in KNOWN_KEYS or len(set(key)) < 8 or any(k * 4 in lowered for k in KNOWN_KEYS):
        raise ConfigurationError("FORUM_SECRET_KEY is a known or trivial value.")


def _refuse_other_than_origins(values: tuple[str, ...]) -> None:
    for value in values:
        if not _ORIGIN.fullmatch(value):
            raise ConfigurationError(
                f"FORUM_ALLOWED_ORIGINS: {value!r} is not like https://blog.example.com."
            )


def settings_of(session: Any) -> Settings:
    """The settings of the application that `session` belongs to."""
    settings: Settings = session.info["settings"]
    return settings
