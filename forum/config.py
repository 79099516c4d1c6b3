"""Every setting of the service in one typed table, read once from the environment.

Beside its type each setting names what reads it: a function that turns the text of the environment
into the value, and raises `ValueError` with what it expected instead.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Self, get_args
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

MIN_KEY_BYTES = 32
LONGEST_BODY = 20_000
"""Rendering Markdown takes quadratic time for some inputs, so no setting goes beyond this."""

DATABASES = frozenset({"sqlite", "postgres", "postgresql", "postgresql+psycopg"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
WITHOUT_PREFIX = frozenset({"database_url", "redis_url"})

_KNOWN_KEYS = re.compile(r"change.?me|secret.?key|your.?secret|password|insecure", re.IGNORECASE)
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^/?#\s*@:\[\]]+)(:[0-9]{1,5})?"
_ORIGIN = re.compile(f"https?://{_HOST}")
_WEB = re.compile(rf"https?://{_HOST}([/?][!-;=?-~]*)?")
_SMTP = re.compile(rf"smtps?://([^/@:\s]+:[^/@:\s]+@)?{_HOST}/?")
_REDIS = re.compile(rf"rediss?://([^/@\s]*@)?{_HOST}(/[0-9]*)?(\?\S*)?")


class ConfigurationError(Exception):
    """A setting that the service refuses to start with."""


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads whole numbers between two, inclusive."""

    def read(text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return read


def boolean(text: str) -> bool:
    """Reads yes and no as people write them."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("expected true or false")


def listed(text: str) -> tuple[str, ...]:
    """Reads what is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def secret(text: str) -> str:
    """Reads a key that is long enough and that nobody has read elsewhere."""
    if len(text.encode()) < MIN_KEY_BYTES:
        raise ValueError(
            f"expected at least {MIN_KEY_BYTES} bytes; "
            'make them with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if len(set(text)) < 8 or _KNOWN_KEYS.search(text):
        raise ValueError("expected random characters, not a known or trivial value")
    return text


def database_address(text: str) -> str:
    """Reads the address of an SQLite file or of a PostgreSQL database."""
    try:
        supported = make_url(text).drivername in DATABASES
    except (ArgumentError, ValueError):
        supported = False
    if not supported:
        raise ValueError(
            "expected postgresql://user:password@host/database or sqlite:////path/to/file"
        )
    return text


def redis_address(text: str) -> str:
    """Reads the address of a Redis database."""
    if not _REDIS.fullmatch(text):
        raise ValueError("expected redis://host:6379/0")
    return text


def mail_server(text: str) -> str:
    """Reads the address of a server that takes mail."""
    if not _SMTP.fullmatch(text) or not _has_port(text):
        raise ValueError("expected smtp://user:password@host:587 or smtps://host:465")
    return text


def mailbox(text: str) -> str:
    """Reads an address that mail comes from, with or without a name before it."""
    _, address = parseaddr(text)
    try:
        usable = validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        usable = None
    if not usable:
        raise ValueError("expected forum@example.com or The forum <forum@example.com>")
    return text


def site_address(text: str) -> str:
    """Reads the address of a site that stands at the root of its host."""
    return _origin(text.removesuffix("/"), "https://forum.example.com, without a path")


def origins(text: str) -> tuple[str, ...]:
    """Reads the origins of pages, as a browser names them (RFC 6454)."""
    return tuple(_origin(part, "origins like https://blog.example.com") for part in listed(text))


def web_address(text: str) -> str:
    """Reads the address of something that is called by HTTP."""
    if not _WEB.fullmatch(text):
        raise ValueError("expected https://hub.example.com/")
    return text


def networks(text: str) -> tuple[str, ...]:
    """Reads addresses and networks in CIDR notation."""
    try:
        return tuple(str(ip_network(part, strict=False)) for part in listed(text))
    except ValueError as error:
        raise ValueError("expected addresses or networks like 10.0.0.0/8") from error


def rate(text: str) -> str:
    """Reads how often something may be done."""
    try:
        (limit,) = parse_many(text)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise ValueError('expected a limit like "60 per minute"')
    return text


def level(text: str) -> str:
    """Reads from which weight on lines are logged."""
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"expected one of {', '.join(LOG_LEVELS)}")
    return text.upper()


Switch = Annotated[bool, boolean]
Rate = Annotated[str, rate]


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

    secret_key: Annotated[str, secret]
    database_url: Annotated[str, database_address] = ""
    redis_url: Annotated[str, redis_address] = ""
    base_url: Annotated[str, site_address] = "http://127.0.0.1:8000"
    site_name: Annotated[str, str] = "Crossroads"

    smtp_url: Annotated[str, mail_server] = ""
    mail_from: Annotated[str, mailbox] = ""
    mails_a_day: Annotated[int, whole(1, 10_000)] = 50

    allowed_origins: Annotated[tuple[str, ...], origins] = ()
    trusted_proxies: Annotated[tuple[str, ...], networks] = ()
    hsts: Switch = False

    access_token_minutes: Annotated[int, whole(1, 43_200)] = 15
    refresh_token_days: Annotated[int, whole(1, 3_650)] = 30
    require_confirmed_email: Switch = False

    max_request_bytes: Annotated[int, whole(1_024, 16 * 2**20)] = 256 * 1024
    max_body_length: Annotated[int, whole(1, LONGEST_BODY)] = 10_000
    max_nesting: Annotated[int, whole(1, 100)] = 20

    ratelimit_enabled: Switch = True
    ratelimit_register: Rate = "100 per hour"
    ratelimit_login: Rate = "60 per minute"
    ratelimit_write: Rate = "120 per minute"
    ratelimit_vote: Rate = "300 per minute"
    ratelimit_read: Rate = "3000 per minute"
    ratelimit_subscribe: Rate = "20 per hour"
    ratelimit_confirm: Rate = "5 per day"

    path_quorum: Annotated[int, whole(1, 1_000)] = 3
    path_community_share: Annotated[int, whole(51, 100)] = 60
    path_author_share: Annotated[int, whole(1, 100)] = 40
    path_bridge_share: Annotated[int, whole(1, 50)] = 35
    path_bridge_neither_share: Annotated[int, whole(0, 100)] = 20

    outbound_allowed: Annotated[tuple[str, ...], networks] = ()
    websub_hub: Annotated[str, web_address] = ""

    database_pool_size: Annotated[int, whole(1, 100)] = 8
    page_cache_megabytes: Annotated[int, whole(0, 4_096)] = 32
    log_level: Annotated[str, level] = "INFO"
    log_json: Switch = True
    testing: Switch = False

    @property
    def thresholds(self) -> PathThresholds:
        """The settings of paths by themselves."""
        return PathThresholds(
            quorum=self.path_quorum,
            community=self.path_community_share,
            author=self.path_author_share,
            bridge=self.path_bridge_share,
            bridge_neither=self.path_bridge_neither_share,
        )

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> Self:
        """Build from raw values by environment name; an empty one counts as not given.

        Raises `ConfigurationError`.
        """
        given = {f: _text(values.get(environment_name(f.name))) for f in fields(cls)}
        return cls(**{f.name: _read(f, text) for f, text in given.items() if text or _is_needed(f)})


def environment_name(setting: str) -> str:
    """What a field of `Settings` is called in the environment."""
    return setting.upper() if setting in WITHOUT_PREFIX else f"FORUM_{setting.upper()}"


def misnamed(names: Iterable[str]) -> list[str]:
    """What to tell about names that look like settings and are none."""
    known = [environment_name(f.name) for f in fields(Settings)]
    unknown = sorted(n for n in names if n.startswith("FORUM_") and n not in known)
    return [f"{name} is no setting{_guess(name, known)}" for name in unknown]


def refuse_unwritable(file: Path) -> None:
    """Raise `ConfigurationError` where SQLite could not keep a file; it writes beside it, too."""
    if not file.parent.is_dir():
        raise ConfigurationError(f"The directory {file.parent} does not exist.")
    for place in (file.parent, file):
        if place.exists() and not os.access(place, os.W_OK):
            raise ConfigurationError(f"{place} cannot be written to.")


def settings_in(app: Any) -> Settings:
    """The settings of an application; for surfaces."""
    settings: Settings = app.extensions["settings"]
    return settings


def settings_of(session: Any) -> Settings:
    """The settings of the application that `session` belongs to; for features."""
    settings: Settings = session.info["settings"]
    return settings


def _has_port(text: str) -> bool:
    """Whether the port of an address, if it names one, is a port."""
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    return ",".join(map(str, raw)) if isinstance(raw, list | tuple) else str(raw).strip()


def _is_needed(setting: Field[Any]) -> bool:
    return setting.default is MISSING


def _read(setting: Field[Any], text: str) -> Any:
    name = environment_name(setting.name)
    if not text:
        raise ConfigurationError(f"{name} is not set.")
    _, read = get_args(setting.type)
    try:
        return read(text)
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}.") from error


def _origin(text: str, expected: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise ValueError(f"expected {expected}")
    return text


def _guess(name: str, known: list[str]) -> str:
    closest = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {closest[0]}?" if closest else "."
