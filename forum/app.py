"""The composition root: puts configuration, core, features and surfaces together."""

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Config, Flask
from flask_jwt_extended import JWTManager

from forum import features  # noqa: F401 - defines the tables
from forum.api import routes as api
from forum.config import Settings, refuse_unwritable
from forum.core import db as database
from forum.core import logging, metrics
from forum.core.changes import Changes
from forum.core.db import db
from forum.core.http import (
    addresses,
    conditional,
    conditions,
    headers,
    json,
    page_cache,
    problems,
    proxies,
    quota,
    transactions,
)
from forum.core.http.cookies import NoSessions
from forum.core.ratelimits import RateLimits
from forum.feeds import routes as feeds
from forum.web import routes as web
from forum.worker import queue

ROOT = Path(__file__).resolve().parent.parent
INDEPENDENT = ("/healthz", "/readyz", "/metrics", "/assets/", "/docs", "/openapi.json", "/problems")
"""Where no answer changes with what the database holds."""


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    """The application with its commands. `settings` come before the environment, by the same names.

    Raises `forum.config.ConfigurationError` for settings it refuses to start with.
    """
    app = create_served_app(settings)
    _add_commands(app)
    return app


def create_served_app(settings: Mapping[str, object] | None = None) -> Flask:
    """The application as `create_app` makes it, without commands and what only they need."""
    app = Flask(
        "forum",
        root_path=str(ROOT / "forum"),
        instance_path=str(ROOT / "instance"),
        static_folder=None,
    )
    known = Settings.load({**_environment(), **(settings or {})})
    with suppress(OSError):  # whoever keeps a file there says what is wrong
        Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    _configure(app, known)
    app.session_interface = NoSessions()
    json.init_app(app)
    addresses.init_app(app)
    logging.configure(known.log_level, known.log_json)
    logging.init_app(app)
    metrics.init_app(app)
    page_cache.init_app(app)
    headers.init_app(app, known.allowed_origins, known.hsts)
    conditional.init_app(app)
    app.extensions["settings"] = known
    _open_database(app)
    JWTManager(app)
    app.extensions["ratelimits"] = _ratelimits(known)
    quota.init_app(app)
    api.init_app(app)
    feeds.init_app(app)
    web.init_app(app)
    problems.init_app(app, known.base_url)
    transactions.init_app(app)
    queue.init_app(app, known.redis_url)
    _keep_pages(app, known.page_cache_megabytes)
    _put_before(app, conditions.UsualConditions(app.wsgi_app))
    _put_before(app, proxies.TrustedProxies(app.wsgi_app, known.trusted_proxies))
    return app


def _put_before(app: Flask, layer: Any) -> None:
    app.wsgi_app = layer  # type: ignore[method-assign]  # as Flask's documentation has it


def _add_commands(app: Flask) -> None:
    from flask_migrate import Migrate

    from forum.cli import commands as cli
    from forum.worker import commands as worker

    Migrate(app, db, directory=str(ROOT / "migrations"))
    cli.init_app(app)
    worker.init_app(app)


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


def _keep_pages(app: Flask, megabytes: int) -> None:
    def on_hit(environ: dict[str, Any], route: str, status: int) -> str:
        metrics.count_repeated(environ["REQUEST_METHOD"], route, status)
        return logging.log_repeated(str(app.secret_key), environ, route, status)

    if megabytes:
        with app.app_context():
            changes = Changes(db.engine)
        kept = page_cache.PageCache(app.wsgi_app, changes, megabytes * 2**20, INDEPENDENT, on_hit)
        _put_before(app, kept)


def _open_database(app: Flask) -> None:
    database.init_app(app)
    with app.app_context():
        if database.is_sqlite(db.engine):
            refuse_unwritable(Path(db.engine.url.database or ":memory:"))


def _ratelimits(settings: Settings) -> RateLimits | None:
    if not settings.ratelimit_enabled:
        return None
    policies = {
        name: getattr(settings, f"ratelimit_{name}")
        for name in ("register", "login", "write", "vote", "read")
    }
    return RateLimits(policies, settings.redis_url)
