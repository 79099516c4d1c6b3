"""What every process of the forum stands on: settings, logs, figures, database, queue, mail.

The worker needs no more, and loads no surface.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Config, Flask

from forum import features  # noqa: F401 - defines the tables
from forum.config import Settings, refuse_unwritable
from forum.core import db as database
from forum.core import logging, metrics, outbox
from forum.core.db import db
from forum.core.http.addresses import LazyRule
from forum.core.mail import mailer, outgoing
from forum.core.mail.forms import Site
from forum.worker import queue

ROOT = Path(__file__).resolve().parent.parent


class Forum(Flask):
    """The application; nothing in it is asynchronous."""

    url_rule_class = LazyRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Flask asks for every hook of every request, and looks at the function each time."""
        return func


def create_base_app(settings: Mapping[str, object] | None = None) -> Flask:
    """An application without surfaces. `settings` come before the environment, by the same names.

    Raises `forum.config.ConfigurationError` for settings it refuses to start with.
    """
    app = Forum(
        "forum",
        root_path=str(ROOT / "forum"),
        instance_path=str(ROOT / "instance"),
        static_folder=None,
    )
    known = Settings.load({**_environment(), **(settings or {})})
    with suppress(OSError):  # whoever keeps a file there says what is wrong
        Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    _configure(app, known)
    app.extensions["settings"] = known
    logging.configure(known.log_level, known.log_json)
    logging.init_app(app)
    metrics.init_app(app)
    _open_database(app)
    queue.init_app(app, known.redis_url)
    _open_mail(app, known)
    return app


def _environment() -> dict[str, object]:
    """The settings in the environment; `FORUM_*` may be JSON, as Flask reads prefixed variables."""
    prefixed = Config(ROOT)
    prefixed.from_prefixed_env("FORUM")
    return {**os.environ, **{f"FORUM_{name}": value for name, value in prefixed.items()}}


def _configure(app: Flask, settings: Settings) -> None:
    embedded = f"sqlite:///{app.instance_path}/crossroads.db"
    url = database.normalise_url(settings.database_url) or embedded
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=False,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(url, settings.database_pool_size),
        JWT_SECRET_KEY=settings.secret_key,
        JWT_ALGORITHM="HS256",
        JWT_TOKEN_LOCATION=["headers"],
        JWT_ENCODE_ISSUER="crossroads",
        JWT_DECODE_ISSUER="crossroads",
        JWT_ENCODE_AUDIENCE="crossroads-api",
        JWT_DECODE_AUDIENCE="crossroads-api",
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=settings.access_token_minutes),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=settings.refresh_token_days),
    )


def _open_database(app: Flask) -> None:
    database.init_app(app)
    with app.app_context():
        if database.is_sqlite(db.engine):
            refuse_unwritable(Path(db.engine.url.database or ":memory:"))
    told = "Events that somebody is still to be told of."
    metrics.add_gauge(app, "events_waiting", told, lambda: outbox.waiting(db.session()))


def _open_mail(app: Flask, settings: Settings) -> None:
    site = Site(settings.site_name, settings.base_url)
    secret = settings.secret_key
    mailer.init_app(app, site, settings.mail_from, settings.smtp_url, settings.mails_a_day, secret)
    told = "Mails that are neither sent nor given up."
    metrics.add_gauge(app, "mails_waiting", told, lambda: outgoing.waiting(db.session()))
