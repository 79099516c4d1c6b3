"""All routes of the API, and its description."""

from typing import Any

from flask import Flask
from flask_smorest import Api

from forum.api import accounts, addresses, judgements, posts, replies, service, threads
from forum.api.components import SPEC_OPTIONS
from forum.api.plain_routes import describe_plain_routes
from forum.api.schemas.fields import Body

RESOURCES = (accounts, posts, threads, replies, judgements)


def init_app(app: Flask) -> None:
    """Register every route."""
    addresses.init_app(app)
    app.config.update(API_TITLE="Crossroads", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs=SPEC_OPTIONS)
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # routes name their errors themselves
    addresses.describe(api)
    api.ma_plugin.converter.add_attribute_function(_longest_body(app.config["MAX_BODY_LENGTH"]))
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint)
    app.register_blueprint(service.blueprint)
    app.extensions["api"] = api


def describe(app: Flask) -> None:
    """Build the OpenAPI document; to be called when all surfaces have registered their routes."""
    spec = app.extensions["api"].spec
    describe_plain_routes(spec, app)
    app.extensions["openapi"] = spec.to_dict()


def _longest_body(length: int) -> Any:
    def attributes(_converter: Any, field: Any, **_: Any) -> dict[str, int]:
        return {"maxLength": length} if isinstance(field, Body) else {}

    return attributes
