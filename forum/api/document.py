"""The OpenAPI document, which flask-smorest makes of what routes declare.

It takes its time, and is only made when somebody asks.
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_smorest import Api
from flask_smorest import Blueprint as Documented

from forum.api import addresses
from forum.api.blueprint import Blueprint
from forum.api.components import SPEC_OPTIONS, VERSION, Json, refer_to_words
from forum.api.openapi import describe_operation, name_of
from forum.api.plain_routes import describe_plain_routes
from forum.api.schemas.fields import Body
from forum.api.webhooks import describe_messages
from forum.config import settings_in

UNUSED = ("Error", "PaginationMetadata")
"""Schemas of flask-smorest, which describes errors and lists in its own way."""


def made_of(app: Flask, groups: Iterable[Blueprint]) -> Json:
    """The document of an application in which `groups` are registered beside plain routes."""
    api = _api(settings_in(app).max_body_length)
    for group in groups:
        described = _described(group)
        described.register_views_in_doc(api, app, api.spec, name=group.name, parameters=None)
        api.spec.tag({"name": group.name, "description": group.description})
    describe_plain_routes(api.spec, app)
    messages = describe_messages(api.spec)
    document: Json = {**api.spec.to_dict(), "webhooks": messages}
    for name in UNUSED:
        del document["components"]["schemas"][name]
    return document


def _api(max_body_length: int) -> Api:
    """What collects the descriptions; it would handle errors, so its application is not ours."""
    host = Flask(__name__)
    host.config.update(API_TITLE="Crossroads", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    api = Api(host, spec_kwargs=SPEC_OPTIONS)
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # routes name their errors themselves
    addresses.describe(api)
    api.ma_plugin.converter.add_attribute_function(_longest_body(max_body_length))
    api.ma_plugin.converter.add_attribute_function(refer_to_words)
    return api


def _described(group: Blueprint) -> Documented:
    documented = Documented(group.name, __name__)
    for rule, view, operation in group.operations:
        describe_operation(view, operation)
        endpoint = name_of(view, operation)
        documented.add_url_rule(rule, endpoint, view, methods=[operation.method])
    return documented


def _longest_body(length: int) -> Any:
    def attributes(_converter: Any, field: Any, **_: Any) -> dict[str, int]:
        return {"maxLength": length} if isinstance(field, Body) else {}

    return attributes
