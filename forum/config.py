"""Every setting of the service in one typed table, read once from the environment.

Beside its type each setting names what reads it, a function of `forum.values`.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from forum.values import (
    OidcProvider,
    boolean,
    database_address,
    level,
    mail_server,
    mailbox,
    networks,
    one_of,
    origins,
    providers,
    public_key,
    rate,
    redis_address,
    secret,
    site_address,
    web_address,
    whole,
)

LONGEST_BODY = 20_000
"""Rendering Markdown takes quadratic time for some inputs, so no setting goes beyond this."""

NO_GUESTS, CONFIRMED, OPEN = GUESTS = ("off", "confirmed", "open")
"""Only members write; what guests write waits for the link in a mail; it is seen at once."""

WITHOUT_PREFIX = frozenset({"database_url", "redis_url"})


class ConfigurationError(Exception):
    """A setting that the service refuses to start with."""


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
class DisputeThresholds:
    """When a dispute about a path comes before moderators.

    So many voters cannot agree on it for that long, or it becomes another one so often within a
    period, in which it rests once they have decided.
    """

    voters: int
    lasting: timedelta
    flips: int
    within: timedelta


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
    account_letters_a_day: Annotated[int, whole(1, 1_000)] = 5

    allowed_origins: Annotated[tuple[str, ...], origins] = ()
    trusted_proxies: Annotated[tuple[str, ...], networks] = ()
    hsts: Switch = False

    access_token_minutes: Annotated[int, whole(1, 43_200)] = 15
    refresh_token_days: Annotated[int, whole(1, 3_650)] = 30
    require_staff_2fa: Switch = False
    require_confirmed_email: Annotated[bool | None, boolean] = None

    guests: Annotated[str, one_of(*GUESTS)] = NO_GUESTS

    sso_secret: Annotated[str, secret] = ""
    sso_public_key: Annotated[str, public_key] = ""
    sso_issuer: Annotated[str, str] = ""
    sso_audience: Annotated[str, str] = ""
    sso_roles: Switch = False
    oidc_providers: Annotated[tuple[OidcProvider, ...], providers] = ()

    max_request_bytes: Annotated[int, whole(1_024, 16 * 2**20)] = 256 * 1024
    max_body_length: Annotated[int, whole(1, LONGEST_BODY)] = 10_000
    max_nesting: Annotated[int, whole(1, 100)] = 20

    ratelimit_enabled: Switch = True
    ratelimit_register: Rate = "100 per hour"
    ratelimit_login: Rate = "60 per minute"
    ratelimit_guest: Rate = "20 per hour"
    ratelimit_write: Rate = "120 per minute"
    ratelimit_vote: Rate = "300 per minute"
    ratelimit_read: Rate = "3000 per minute"
    ratelimit_subscribe: Rate = "20 per hour"
    ratelimit_confirm: Rate = "5 per day"
    ratelimit_letter: Rate = "20 per hour"
    ratelimit_export: Rate = "6 per hour"

    report_weight_to_hide: Annotated[int, whole(0, 1_000_000)] = 50
    report_age_to_hide: Annotated[int, whole(0, 3_650)] = 0
    appeal_days: Annotated[int, whole(1, 3_650)] = 30
    hold_everybody: Switch = False
    hold_guests: Switch = False
    hold_unconfirmed: Switch = False
    hold_first_texts: Annotated[int, whole(0, 1_000)] = 0
    hold_links: Switch = False
    hold_younger_than_days: Annotated[int, whole(0, 3_650)] = 0
    trusted_after: Annotated[int, whole(0, 1_000)] = 0
    akismet_key: Annotated[str, str] = ""
    akismet_url: Annotated[str, web_address] = "https://rest.akismet.com/1.1/"

    path_quorum: Annotated[int, whole(1, 1_000)] = 3
    path_community_share: Annotated[int, whole(51, 100)] = 60
    path_author_share: Annotated[int, whole(1, 100)] = 40
    path_bridge_share: Annotated[int, whole(1, 50)] = 35
    path_bridge_neither_share: Annotated[int, whole(0, 100)] = 20

    dispute_voters: Annotated[int, whole(1, 100_000)] = 6
    dispute_hours: Annotated[int, whole(1, 8_760)] = 24
    dispute_flips: Annotated[int, whole(1, 1_000)] = 3
    dispute_flip_days: Annotated[int, whole(1, 365)] = 7

    outbound_allowed: Annotated[tuple[str, ...], networks] = ()
    websub_hub: Annotated[str, web_address] = ""

    database_pool_size: Annotated[int, whole(1, 100)] = 8
    page_cache_megabytes: Annotated[int, whole(0, 4_096)] = 32
    log_level: Annotated[str, level] = "INFO"
    log_json: Switch = True
    testing: Switch = False

    @property
    def judging_needs_confirmed_email(self) -> bool:
        """Whether only a confirmed address may vote and cast ballots: where mail is configured."""
        if self.require_confirmed_email is None:
            return bool(self.smtp_url)
        return self.require_confirmed_email

    @property
    def disputes(self) -> DisputeThresholds:
        """The settings of disputes by themselves."""
        return DisputeThresholds(
            voters=self.dispute_voters,
            lasting=timedelta(hours=self.dispute_hours),
            flips=self.dispute_flips,
            within=timedelta(days=self.dispute_flip_days),
        )

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
        read = {f.name: _read(f, text) for f, text in given.items() if text or _is_needed(f)}
        settings = cls(**read)
        _refuse_incomplete(settings)
        return settings


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


def _text(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, dict):
        return json.dumps(raw)
    return ",".join(map(str, raw)) if isinstance(raw, list | tuple) else str(raw).strip()


def _refuse_incomplete(settings: Settings) -> None:
    """Raise `ConfigurationError` where one setting is of no use without another."""
    if (settings.sso_secret or settings.sso_public_key) and not settings.sso_issuer:
        raise ConfigurationError("FORUM_SSO_ISSUER is not set: who signs the tokens?")


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


def _guess(name: str, known: list[str]) -> str:
    closest = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {closest[0]}?" if closest else "."
