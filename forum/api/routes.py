"""All routes of the API, and its description."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from flask import Flask
from flask_smorest import Api

from forum.api import (
    access_tokens,
    accounts,
    addresses,
    edge,
    emails,
    feed_tokens,
    guests,
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
from forum.api.components import SPEC_OPTIONS, VERSION, refer_to_words
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
from forum.api.plain_routes import describe_plain_routes
from forum.api.schemas.fields import Body
from forum.config import settings_in

RESOURCES = (
    accounts,
    sso,
    oidc,
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
UNUSED = ("Error", "PaginationMetadata")
"""Schemas of flask-smorest, which describes errors and lists in its own way."""


def init_app(app: Flask) -> None:
    """Register every route."""
    addresses.init_app(app)
    app.config.update(API_TITLE="Crossroads", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs=SPEC_OPTIONS)
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # routes name their errors themselves
    addresses.describe(api)
    api.ma_plugin.converter.add_attribute_function(_longest_body(settings_in(app).max_body_length))
    api.ma_plugin.converter.add_attribute_function(refer_to_words)
    app.before_request(edge.count_lost)
    for resource in RESOURCES:
        app.register_blueprint(resource.blueprint)
    app.register_blueprint(service.blueprint)
    app.extensions["openapi"] = _made_once(lambda: _document(app, api))


def _document(app: Flask, api: Api) -> dict[str, Any]:
    """The OpenAPI document: made when it is first asked for, because that takes its time."""
    for resource in RESOURCES:
        group = resource.blueprint
        group.register_views_in_doc(api, app, api.spec, name=group.name, parameters=None)
        api.spec.tag({"name": group.name, "description": group.description})
    describe_plain_routes(api.spec, app)
    messages = webhooks.describe_messages(api.spec)
    document: dict[str, Any] = {**api.spec.to_dict(), "webhooks": messages}
    for name in UNUSED:
        del document["components"]["schemas"][name]
    return document


def _made_once(make: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """As `cache`, which would let two who are the first at once make it both."""
    turn, made = Lock(), cache(make)

    def get() -> dict[str, Any]:
        with turn:
            return made()

    return get


def _longest_body(length: int) -> Any:
    def attributes(_converter: Any, field: Any, **_: Any) -> dict[str, int]:
        return {"maxLength": length} if isinstance(field, Body) else {}

    return attributes
