"""The OpenAPI 3.1 document: what routes declare, plus what holds for all of them."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from forum.accounts.errors import InvalidToken
from forum.api.edge import ANYONE
from forum.core.cursors import CursorMismatch
from forum.core.errors import (
    BadRequest,
    Forbidden,
    Invalid,
    PreconditionFailed,
    Refusal,
    TooManyRequests,
    Unauthorized,
)
from forum.core.http.json import MalformedJson
from forum.core.http.problems import MEDIA_TYPE, status_of
from forum.core.idempotency import IdempotencyKeyReused, RequestInFlight

SPEC_OPTIONS: dict[str, Any] = {
    "info": {
        "description": (
            "The discussion below career-advice posts: threads, nested replies, votes, and replies "
            "on the technical or the management path. Errors are problems (RFC 9457), lists are "
            "paged by opaque cursors, times are RFC 3339 in UTC."
        ),
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "components": {
        "securitySchemes": {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "An access token from `POST /auth/login`.",
            }
        },
        "schemas": {
            "Problem": {
                "type": "object",
                "description": "What went wrong (RFC 9457).",
                "required": ["type", "title", "status", "detail", "code", "request_id"],
                "properties": {
                    "type": {"type": "string", "description": "Where this kind is explained."},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "code": {"type": "string", "description": "Stable name for programs."},
                    "request_id": {"type": ["string", "null"]},
                    "errors": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["pointer", "detail"],
                            "properties": {
                                "pointer": {"type": "string"},
                                "detail": {"type": "string"},
                            },
                        },
                    },
                    "current": {"description": "With 412: the present state."},
                },
            }
        },
    },
}


def describe_operation(
    view: Callable[..., Any],
    method: str,
    who: str,
    body: object,
    query: object,
    errors: Sequence[type[Refusal]],
    creates: bool,
    status: int,
) -> None:
    """Add to a view's documentation what its declaration implies."""
    possible = [TooManyRequests, InvalidToken, Invalid, *errors]
    if who != ANYONE:
        possible += [Unauthorized] if who == "member" else [Unauthorized, Forbidden]
    if body:
        possible += [MalformedJson]
    if query:
        possible += [CursorMismatch]
    parameters: list[dict[str, Any]] = []
    if creates:
        possible += [BadRequest, IdempotencyKeyReused, RequestInFlight]
        parameters.append(_header("Idempotency-Key", "Repeat the request safely with this key."))
    if method == "PATCH":
        possible += [PreconditionFailed]
        parameters.append(_header("If-Match", "Change only this version (an ETag)."))
    responses = _problems(possible)
    if body:
        responses |= {413: _plain_problem("Too large"), 415: _plain_problem("Not JSON")}
    if method == "GET":
        parameters.append(_header("If-None-Match", "Answer 304 if this is still the version."))
        responses[304] = {"description": "Not modified"}
    security: list[dict[str, list[str]]] = [{"bearer": []}]
    manual = {
        "security": security if who != ANYONE else [{}, *security],
        "responses": responses,
        **({"parameters": parameters} if parameters else {}),
    }
    view._apidoc = deepcopy(view._apidoc)  # type: ignore[attr-defined]
    view._apidoc["manual_doc"] = manual  # type: ignore[attr-defined]


def _problems(kinds: Sequence[type[Refusal]]) -> dict[int, dict[str, Any]]:
    by_status: dict[int, set[str]] = {}
    for kind in kinds:
        by_status.setdefault(status_of(kind), set()).add(f"`{kind.code}`: {kind.title}")
    return {
        status: _plain_problem("; ".join(sorted(texts))) for status, texts in by_status.items()
    }


def _plain_problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _header(name: str, description: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": description,
        "schema": {"type": "string"},
    }
