"""The routes in the OpenAPI document that no `Blueprint.operation` declares: feeds, pages, service.

What they answer stands in their docstrings, and how in `forum.core.http.description`.
"""

from collections.abc import Callable
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from flask_smorest.utils import load_info_from_docstring
from werkzeug.routing import Rule

from forum import examples
from forum.api import components
from forum.api.components import Json
from forum.core.errors import NotFound
from forum.core.http.description import PAGE, Description, description_of

_VERSION = {"description": "The version of what is shown.", "schema": {"type": "string"}}
_FILE = Description(["*/*"], statuses=PAGE.statuses)


def describe_plain_routes(spec: APISpec, app: Flask) -> None:
    """Add every route of the application that is missing in the document."""
    known = {*spec.to_dict()["paths"]}
    for rule in app.url_map.iter_rules():
        if FlaskPlugin.flaskpath2openapi(rule.rule) not in known:
            operation = _operation(rule, app.view_functions[rule.endpoint])
            spec.path(rule=rule, operations={"get": operation}, parameters=_in_address(rule))


def _operation(rule: Rule, view: Callable[..., Any]) -> Json:
    endpoint = rule.endpoint
    if endpoint.endswith(".static"):  # Flask's own view, documented for programmers
        text, told = {"summary": "A file of the pages."}, _FILE
    else:
        text, told = load_info_from_docstring(view.__doc__), description_of(view)
    query = [{"in": "query", "name": name, "schema": told.query[name]} for name in told.query]
    version = components.request_header("If-None-Match", "Answer 304 if this is still the version.")
    return {
        **text,
        "operationId": endpoint,
        "tags": [endpoint.partition(".")[0]],
        "parameters": [*query, version],
        "responses": _responses(told) | (_nowhere(told) if rule.arguments else {}),
    }


def _in_address(rule: Rule) -> list[Json]:
    names = rule.arguments & examples.IN_ADDRESSES.keys()
    return [
        {"in": "path", "name": name, "example": examples.IN_ADDRESSES[name]}
        for name in sorted(names)
    ]


def _responses(told: Description) -> dict[Any, Json]:
    headers = {"headers": {"ETag": _VERSION}}
    return {
        200: _answer("OK", told) | headers,
        304: {"description": "This is still the version."} | headers,
        **components.problems(told.errors),
        **{status: _answer(meaning, told) for status, meaning in told.statuses.items()},
    }


def _nowhere(told: Description) -> dict[Any, Json]:
    """What an address answers that leads nowhere; a page only tells so if its view is asked."""
    nowhere = components.problems([NotFound])
    if "default" in told.statuses:
        nowhere[404]["content"] |= _answer("", told)["content"]
    return {**nowhere}


def _answer(meaning: str, told: Description) -> Json:
    return {
        "description": meaning,
        "content": {
            name: {"schema": {"type": "object"}} if "json" in name else {}
            for name in told.media_types
        },
    }
