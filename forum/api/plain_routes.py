"""The routes in the OpenAPI document that no `Blueprint.operation` declares: feeds, pages, service.

What they answer stands in their docstrings, and how in `forum.core.http.description`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from apispec import APISpec
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from flask_smorest.utils import load_info_from_docstring
from werkzeug.routing import Rule

from forum import examples
from forum.api import components
from forum.api.components import Json
from forum.core.errors import NotFound, Refusal
from forum.core.http.description import PAGE, Description, description_of

_VERSION = {"description": "The version of what is shown.", "schema": {"type": "string"}}
_FILE = Description(["text/css", "text/javascript", "image/svg+xml"], statuses=PAGE.statuses)


def describe_plain_routes(spec: APISpec, app: Flask) -> None:
    """Add every route of the application that is missing in the document."""
    known = {*spec.to_dict()["paths"]}
    for rule in app.url_map.iter_rules():
        if FlaskPlugin.flaskpath2openapi(rule.rule) not in known:
            operations = {
                method.lower(): _operation(rule, method, app.view_functions[rule.endpoint])
                for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            }
            spec.path(rule=rule, operations=operations, parameters=_in_address(rule))


MOVABLE = {"thread_id", "reply_id"}
"""The names in addresses of what moderators move."""


def _operation(rule: Rule, method: str, view: Callable[..., Any]) -> Json:
    endpoint = rule.endpoint
    if endpoint.endswith(".static"):  # Flask's own view, documented for programmers
        text, told = {"summary": "A file of the pages."}, _FILE
    else:
        text, told = load_info_from_docstring(view.__doc__), description_of(view)
    query = [{"in": "query", "name": name, "schema": told.query[name]} for name in told.query]
    version = components.request_header("If-None-Match", "Answer 304 if this is still the version.")
    successes = _versions(told) if method == "GET" else {200: _answer("OK", told)}
    if rule.arguments & MOVABLE:
        successes[301] = components.REDIRECT
    return {
        **text,
        "operationId": endpoint.replace(".", "_"),
        "tags": [endpoint.partition(".")[0]],
        "parameters": [*query, version] if method == "GET" else query,
        "responses": successes | _others(told) | _problems([NotFound] if rule.arguments else []),
    }


def _in_address(rule: Rule) -> list[Json]:
    names = rule.arguments & examples.IN_ADDRESSES.keys()
    return [
        {"in": "path", "name": name, "example": examples.IN_ADDRESSES[name]}
        for name in sorted(names)
    ]


def _versions(told: Description) -> dict[Any, Json]:
    headers = {"headers": {"ETag": _VERSION}}
    return {
        200: _answer("OK", told) | headers,
        304: {"description": "This is still the version."} | headers,
    }


def _others(told: Description) -> dict[Any, Json]:
    answers = {status: _answer(meaning, told) for status, meaning in told.statuses.items()}
    return _problems(told.errors) | answers


def _problems(kinds: Iterable[type[Refusal]]) -> dict[Any, Json]:
    """What went wrong: a browser is shown a page."""
    responses = components.problems(kinds)
    for response in responses.values():
        response["content"] |= _content(PAGE.media_types)
    return {**responses}


def _answer(meaning: str, told: Description) -> Json:
    return {"description": meaning, "content": _content(told.media_types)}


def _content(media_types: Iterable[str]) -> Json:
    return {name: {"schema": {"type": "object"}} if "json" in name else {} for name in media_types}
