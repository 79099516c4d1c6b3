"""All routes of the API, and its description."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from flask import Flask

from forum.api import (
    access_tokens,
    accounts,
    addresses,
    edge,
    emails,
    feed_tokens,
    guests,
    identities,
    judgements,
    members,
    notifications,
    oidc,
    own_data,
    passwords,
    posts,
    replies,
    service,
    sessions,
    sso,
    subscription_requests,
    subscriptions,
    threads,
    two_factor,
    webhooks,
)
from forum.api.moderation import (
    bans,
    bulk,
    decisions,
    held,
    log,
    notes,
    policies,
    queue,
    reports,
    rules,
    sanctions,
    stats,
    surgery,
)

RESOURCES = (
    accounts,
    sso,
    oidc,
    identities,
    guests,
    sessions,
    access_tokens,
    two_factor,
    emails,
    passwords,
    own_data,
    members,
    feed_tokens,
    posts,
    threads,
    replies,
    judgements,
    subscriptions,
    subscription_requests,
    notifications,
    webhooks,
    bans,
    decisions,
    held,
    notes,
    sanctions,
    log,
    bulk,
    surgery,
    reports,
    queue,
    stats,
    policies,
    rules,
)


def init_app(app: Flask) -> None:
    """Register every route."""
    addresses.init_app(app)
    app.before_request(edge.count_lost)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(service.blueprint)
    app.extensions["openapi"] = _made_once(lambda: _document(app))


def _document(app: Flask) -> dict[str, Any]:
    from forum.api import document  # and what nothing needs but it: flask-smorest and apispec

    return document.made_of(app, [resource.blueprint for resource in RESOURCES])


def _made_once(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """As `cache`, which would let two who are the first at once make it both."""
    turn, made = Lock(), cache(make)

    def get() -> dict[str, Any]:
        with turn:
            return made()

    return get
