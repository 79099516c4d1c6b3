"""Judges every answer that a test gets by the OpenAPI document."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema_rs
import orjson
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

Json = dict[str, Any]

_DOCUMENT: Json = {}
"""That of the first application: making one takes longer than a test, and they hardly differ."""


def deviations(app: Flask, answer: TestResponse) -> list[str]:
    """How an answer differs from what the document says; of a failure (5xx) it need not know."""
    operation = _operation(app, answer.request.method, answer.request.path)
    if operation is None or answer.status_code >= 500:
        return []
    responses = operation["responses"]
    described = responses.get(str(answer.status_code)) or responses.get("default")
    if described is None:
        return [f"{answer.status_code} is not described"]
    return [*_in_headers(described, answer), *_in_body(described, answer)]


def _operation(app: Flask, method: str, path: str) -> Json | None:
    """What the document says of a request; None where it leads to no route, or to a test's own."""
    if not _DOCUMENT:
        _DOCUMENT.update(deepcopy(app.extensions["openapi"]()))
    asked = "GET" if method == "HEAD" else method
    try:
        rule, _ = app.url_map.bind("localhost").match(path, asked, return_rule=True)
    except HTTPException:
        return None
    described = _DOCUMENT["paths"].get(FlaskPlugin.flaskpath2openapi(rule.rule), {})
    operation: Json | None = described.get(asked.lower())
    return operation


def _in_headers(described: Json, answer: TestResponse) -> Iterator[str]:
    headers = _DOCUMENT["components"]["headers"]
    for name in described.get("headers", {}):
        if headers.get(name, {}).get("required") and name not in answer.headers:
            yield f"the header {name} is missing"


def _in_body(described: Json, answer: TestResponse) -> Iterator[str]:
    if not answer.data:
        return
    kinds = described.get("content", {})
    if answer.mimetype not in kinds and "*/*" not in kinds:
        yield f"{answer.mimetype} is not described"
    reference = kinds.get(answer.mimetype, {}).get("schema", {}).get("$ref")
    if reference:
        for error in _validator(reference).iter_errors(orjson.loads(answer.data)):
            yield f"{error.instance_path}: {error.message}"


@cache
def _validator(reference: str) -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": reference, "components": _DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
