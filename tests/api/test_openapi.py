"""The OpenAPI document: valid, silent about no route, and true about the plain ones."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.http import parse_options_header

from tests.apps import SeparateClient
from tests.community import Community, Json


@pytest.fixture
def document(client: SeparateClient) -> Json:
    """The document as callers get it."""
    found: Json = client.open("/openapi.json").json
    return found


def test_the_document_is_valid(document: Json) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def operations(document: Json) -> dict[tuple[str, str], Json]:
    """What the document describes, by path and method."""
    return {
        (path, method): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_every_route_is_described(app: Flask, document: Json) -> None:
    assert {*operations(document)} == {
        (FlaskPlugin.flaskpath2openapi(rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_operation_says_what_it_is_for(document: Json) -> None:
    assert all(operation["summary"] for operation in operations(document).values())


def test_every_operation_has_a_name_of_its_own(document: Json) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert len(names) == len(set(names))


def test_former_addresses_are_deprecated(document: Json) -> None:
    former = [path for (path, _), each in operations(document).items() if each.get("deprecated")]
    assert {*former} == {f"/api/v1/threads/{{thread_id}}/{what}" for what in ("lock", "pin")}


def test_the_version_is_that_of_the_project(document: Json) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert document["info"]["version"] == project["project"]["version"]


def test_every_schema_is_used(document: Json) -> None:
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text


def test_words_that_may_be_null_are_described_once(document: Json) -> None:
    path = document["components"]["schemas"]["Path"]["properties"]["path"]
    assert path == {"anyOf": [{"$ref": "#/components/schemas/PathName"}, {"type": "null"}]}


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("rss", "application/rss+xml"),
        ("atom", "application/atom+xml"),
        ("json", "application/feed+json"),
    ],
)
def test_every_format_of_a_feed_is_described_by_itself(
    document: Json, extension: str, media_type: str
) -> None:
    feeds = [
        operation["responses"]["200"]["content"]
        for (path, _), operation in operations(document).items()
        if path.startswith("/feeds/") and path.endswith(f".{extension}")
    ]
    assert {*map(tuple, feeds)} == {(media_type,)}


def test_who_signs_in_needs_no_token_and_who_reads_may_have_one(document: Json) -> None:
    security = {name: operation.get("security") for name, operation in by_name(document).items()}
    assert (security["login"], security["register"]) == ([], [])
    assert security["posts"] == [{}, {"bearer": []}, {"personal": ["read"]}]


def by_name(document: Json) -> dict[str, Json]:
    return {operation["operationId"]: operation for operation in operations(document).values()}


def test_names_of_operations_are_of_one_style(document: Json) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]
    assert [name for name in names if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []


def test_plain_routes_answer_as_described(document: Json, community: Community) -> None:
    thread = community.thread()
    addresses = {
        "/feeds/threads/{thread_id}.json": f"/feeds/threads/{thread['id']}.json",
        "/feeds/paths/{path}.rss": "/feeds/paths/technical-path.rss",
        "/feeds/posts/{slug}.atom": "/feeds/posts/nowhere.atom",
        "/feeds/replies.atom": "/feeds/replies.atom?limit=none",
        "/healthz": "/healthz",
        "/readyz": "/readyz",
        "/metrics": "/metrics",
        "/problems/{code}": "/problems/no-such-problem",
        "/threads/{thread_id}": f"/threads/{thread['id']}",
        "/users/{username}": "/users/nobody",
        "/docs/{name}": "/docs/swagger-ui.css",
        "/assets/{filename}": "/assets/crossroads.svg",
        "/problems": "/problems",
    }
    for path, address in addresses.items():
        answer = community.client.open(address)
        responses = document["paths"][path]["get"]["responses"]
        described = responses.get(str(answer.status_code)) or responses["default"]
        assert parse_options_header(answer.content_type)[0] in described["content"], address


def test_plain_routes_know_their_version(client: SeparateClient) -> None:
    for address in ("/", "/feeds/replies.rss", "/openapi.json", "/docs/swagger-ui.css", "/healthz"):
        held = {"If-None-Match": client.open(address).headers["ETag"]}
        assert client.open(address, headers=held).status_code == 304
