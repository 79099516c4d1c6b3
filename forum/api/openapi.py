"""The operations of the OpenAPI 3.1 document: what routes declare, and what follows from it."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow.fields import List

from forum.accounts.errors import InsufficientScope, InvalidToken, TwoFactorRequired
from forum.accounts.grants import SIGNED_IN
from forum.api import components
from forum.api.components import ACCESS, PERSONAL, REFRESH, Json
from forum.api.edge import (
    ANYONE,
    AUTHORS,
    EVERYBODY,
    IDEMPOTENCY_KEY_PATTERN,
    MEMBERS,
    NEWCOMERS,
    REFRESHERS,
    STAFF,
    WITHOUT_ACCESS,
    WRITERS,
)
from forum.core.cursors import CursorMismatch
from forum.core.errors import (
    BadRequest,
    Forbidden,
    Invalid,
    PreconditionFailed,
    Refusal,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from forum.core.http.json import MalformedJson
from forum.core.http.moved import Moved
from forum.core.idempotency import IdempotencyKeyReused, RequestInFlight
from forum.replies.errors import ReplyNotFound
from forum.threads.errors import ThreadNotFound

SchemaClass = type[ma.Schema]


_WITHOUT_ROLE = frozenset({MEMBERS, WRITERS, AUTHORS})


@dataclass(frozen=True)
class Operation:
    """The declaration of a route; `Blueprint.operation` says what its parts mean."""

    method: str
    who: str
    scope: str
    body: SchemaClass | None
    query: SchemaClass | None
    status: int
    other_status: int | None
    answer: SchemaClass | None
    errors: tuple[type[Refusal], ...]
    creates: bool
    streams: bool
    is_former: bool = False

    @property
    def arguments(self) -> dict[str, SchemaClass]:
        """What comes in, by where it stands."""
        schemas = {"json": self.body, "query": self.query}
        return {location: schema for location, schema in schemas.items() if schema is not None}

    @property
    def has_version(self) -> bool:
        """Whether what is read can be told from what it was before."""
        return self.method == "GET" and not self.streams


def name_of(view: Callable[..., Any], operation: Operation) -> str:
    """What an operation is called, and its endpoint."""
    return f"{view.__name__}_formerly" if operation.is_former else view.__name__


def describe_operation(view: Callable[..., Any], operation: Operation) -> None:
    """Document a view by what its declaration implies."""
    view._apidoc = {  # type: ignore[attr-defined]  # noqa: SLF001 - read by flask-smorest
        "arguments": {"parameters": [*_arguments(operation), *_request_headers(operation)]},
        "manual_doc": {
            "operationId": name_of(view, operation),
            **({"deprecated": True} if operation.is_former else {}),
            "security": _security(operation),
            "responses": _responses(operation),
        },
    }


def _arguments(operation: Operation) -> Iterator[Json]:
    for location, schema in operation.arguments.items():
        is_needed = not getattr(schema, "is_optional", False)
        yield {"in": location, "required": is_needed, "schema": schema}


def _request_headers(operation: Operation) -> Iterator[Json]:
    if operation.creates:
        yield components.request_header(
            "Idempotency-Key",
            "Repeat the request safely with this key.",
            minLength=1,
            maxLength=255,
            pattern=IDEMPOTENCY_KEY_PATTERN,
        )
    if operation.method == "PATCH":
        yield components.request_header("If-Match", "Change only this version (an ETag).")
    if operation.has_version:
        yield components.request_header("If-None-Match", "Answer 304 if this is still the version.")


def _security(operation: Operation) -> list[Json]:
    if operation.who == NEWCOMERS:
        return []
    if operation.who == REFRESHERS:
        return [{REFRESH: []}]
    nobody: list[Json] = [{}] if operation.who in {ANYONE, WRITERS} else []
    role = [] if operation.who in {ANYONE, *_WITHOUT_ROLE} else [operation.who]
    token = [] if operation.scope == SIGNED_IN else [{PERSONAL: [operation.scope]}]
    return [*nobody, {ACCESS: role}, *token]


def _responses(operation: Operation) -> dict[int, Json]:
    responses = _successes(operation) | components.problems(_refusals(operation))
    if operation.method != "GET":
        responses |= {413: components.problem("Too large"), 415: components.problem("Not JSON")}
    for status, response in responses.items():
        names = _response_headers(operation, status)
        headers = {name: components.header(name) for name in names}
        response["headers"] = response.get("headers", {}) | headers
    if operation.query and any(isinstance(f, List) for f in operation.query().fields.values()):
        responses[414] = {"description": "More than servers read; ask for fewer at once."}
    return dict(sorted(responses.items()))


def _successes(operation: Operation) -> dict[int, Json]:
    statuses = [operation.status, *([operation.other_status] if operation.other_status else [])]
    content = {"application/json": {"schema": operation.answer}} if operation.answer else None
    responses: dict[int, Json] = {
        status: {
            "description": HTTPStatus(status).phrase,
            **({"content": deepcopy(content)} if content and status != 204 else {}),
        }
        for status in statuses
    }
    if operation.has_version:
        responses[304] = {"description": "This is still the version."}
        if _may_have_moved(operation):
            responses[301] = deepcopy(components.REDIRECT)
    return responses


def _may_have_moved(operation: Operation) -> bool:
    return not {ThreadNotFound, ReplyNotFound}.isdisjoint(operation.errors)


def _response_headers(operation: Operation, status: int) -> Iterator[str]:
    yield from ("X-Request-ID", "RateLimit-Policy", "RateLimit")
    is_success = status < 300
    if (operation.has_version and (is_success or status == 304)) or status == 412:
        yield "ETag"
    if operation.creates and is_success:
        yield "Idempotency-Replayed"
        if 201 in {operation.status, operation.other_status}:
            yield "Location"
    if is_success and operation.answer and "page" in operation.answer().fields:
        yield "Link"
    if status == 401:
        yield "WWW-Authenticate"
    if status in {429, 503}:
        yield "Retry-After"


def _refusals(operation: Operation) -> Iterator[type[Refusal]]:
    everywhere: tuple[type[Refusal], ...] = (TooManyRequests, Unavailable, Invalid)
    yield from (*everywhere, *operation.errors)
    yield from _refused_callers(operation.who)
    if operation.method != "GET":
        yield MalformedJson
    if operation.method != "GET" and _may_have_moved(operation):
        yield Moved
    if operation.query and "cursor" in operation.query().fields:
        yield CursorMismatch
    if operation.creates:
        yield from (BadRequest, IdempotencyKeyReused, RequestInFlight)
    if operation.method == "PATCH":
        yield PreconditionFailed


def _refused_callers(who: str) -> Iterator[type[Refusal]]:
    if who != NEWCOMERS:
        yield InvalidToken
    if who not in WITHOUT_ACCESS:
        yield InsufficientScope
    if who not in EVERYBODY:
        yield Unauthorized
    if who not in EVERYBODY | {MEMBERS}:
        yield Forbidden
    if who in STAFF:
        yield TwoFactorRequired
