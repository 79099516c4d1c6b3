"""The composition root: puts surfaces on what every process stands on."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_jwt_extended import JWTManager

from forum.api import routes as api
from forum.base import ROOT, create_base_app
from forum.config import Settings, settings_in
from forum.core import logging, metrics
from forum.core.changes import Changes
from forum.core.db import db
from forum.core.http import (
    addresses,
    arrival,
    conditional,
    conditions,
    headers,
    json,
    moved,
    page_cache,
    problems,
    proxies,
    quota,
    transactions,
)
from forum.core.http.cookies import NoSessions
from forum.core.ratelimits import RateLimits
from forum.feeds import routes as feeds
from forum.replies import whereabouts
from forum.web import routes as web

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
    app = create_base_app(settings)
    known = settings_in(app)
    app.session_interface = NoSessions()
    json.init_app(app)
    addresses.init_app(app)
    arrival.init_app(app)
    page_cache.init_app(app)
    headers.init_app(app, known.allowed_origins, known.hsts)
    conditional.init_app(app)
    JWTManager(app)
    app.extensions["ratelimits"] = _ratelimits(known)
    quota.init_app(app)
    api.init_app(app)
    feeds.init_app(app)
    web.init_app(app)
    problems.init_app(app, known.base_url)
    moved.init_app(app, lambda names: whereabouts.find(db.session(), names))
    transactions.init_app(app)
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


def _keep_pages(app: Flask, megabytes: int) -> None:
    def on_hit(environ: dict[str, Any], route: str, status: int) -> str:
        metrics.count_repeated(environ["REQUEST_METHOD"], route, status)
        return logging.log_repeated(str(app.secret_key), environ, route, status)

    if megabytes:
        with app.app_context():
            changes = Changes(db.engine)
        kept = page_cache.PageCache(app.wsgi_app, changes, megabytes * 2**20, INDEPENDENT, on_hit)
        _put_before(app, kept)


def _ratelimits(settings: Settings) -> RateLimits | None:
    if not settings.ratelimit_enabled:
        return None
    policies = {
        name: getattr(settings, f"ratelimit_{name}")
        for name in (
            *("register", "login", "letter", "write", "guest", "vote", "read"),
            *("subscribe", "confirm", "export"),
        )
    }
    return RateLimits(policies, settings.redis_url)
