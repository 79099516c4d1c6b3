"""What the operations of the OpenAPI document share: security, headers and the form of problems."""

from collections.abc import Iterable
from typing import Any

from forum.core.errors import Refusal
from forum.core.http.problems import MEDIA_TYPE, status_of
from forum.replies.models import MANAGEMENT, NEITHER, PATHS, TECHNICAL

Json = dict[str, Any]

VERSION = "0.1.0"
"""Of the project, as its packaging has it."""

ACCESS = "bearer"
REFRESH = "refresh"
PERSONAL = "personal"


def _header(description: str, pattern: str | None = None, required: bool = True) -> Json:
    schema: Json = {"type": "string", **({"pattern": pattern} if pattern else {})}
    return {"description": description, "required": required, "schema": schema}


HEADERS: dict[str, Json] = {
    "X-Request-ID": _header(
        "Names the request in the log; a well-formed one of the caller's is kept.",
        "^[A-Za-z0-9._-]{8,128}$",
    ),
    "RateLimit-Policy": _header(
        "The limit: `q` requests in `w` seconds. Not in answers that caches may share.",
        '^"[a-z]+";q=[0-9]+;w=[0-9]+$',
        required=False,
    ),
    "RateLimit": _header(
        "`r` requests are left for the next `t` seconds. Not in answers that caches may share.",
        '^"[a-z]+";r=[0-9]+;t=[0-9]+$',
        required=False,
    ),
    "ETag": _header("The version of what is shown.", '^"[0-9a-f]+"$'),
    "Location": _header("Where the new thing is, or what was moved."),
    "Idempotency-Replayed": {
        "description": "This is the answer to an earlier request with the same key.",
        "required": False,
        "schema": {"type": "string", "const": "true"},
    },
    "Link": _header("The next page (RFC 8288).", '^<.+>; rel="next"$', required=False),
    "WWW-Authenticate": _header("How to sign in.", "^Bearer$"),
    "Retry-After": _header("Seconds to wait.", "^[0-9]+$"),
}

PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where it is explained."},
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
                    "pointer": {
                        "type": "string",
                        "description": "`/member` of the body or `?parameter`.",
                    },
                    "detail": {"type": "string"},
                },
            },
        },
        "location": {"type": "string", "description": "With `moved`: where it is now."},
        "current": {"description": "With 412: the present state."},
    },
}

NAMED_WORDS = {PATHS: "PathName", (TECHNICAL, MANAGEMENT, NEITHER): "BallotChoice"}
"""Words that many members take, by the name of their schema."""

SPEC_OPTIONS: Json = {
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
            ACCESS: {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "An access token from `POST /auth/login`.",
            },
            PERSONAL: {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal access token with these scopes.",
            },
            REFRESH: {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "A refresh token from `POST /auth/login` or `POST /auth/refresh`.",
            },
        },
        "headers": HEADERS,
        "schemas": {
            "Problem": PROBLEM,
            **{name: {"type": "string", "enum": [*words]} for words, name in NAMED_WORDS.items()},
        },
    },
}


def refer_to_words(_converter: Any, _field: Any, *, ret: Json) -> Json:
    """Say of a member by name which words it takes: a schema of its own would be a class for each.

    `ret` is what apispec has found out so far.
    """
    words = ret.get("enum", [])
    name = NAMED_WORDS.get(tuple(word for word in words if word is not None))
    if name is None:
        return {}
    del ret["type"], ret["enum"]
    reference = {"$ref": f"#/components/schemas/{name}"}
    return {"anyOf": [reference, {"type": "null"}]} if None in words else reference


def header(name: str) -> Json:
    """A header of a response."""
    return {"$ref": f"#/components/headers/{name}"}


REDIRECT: Json = {
    "description": "A moderator has moved it.",
    "headers": {"Location": header("Location")},
}


def problem(description: str) -> Json:
    """A response that is a problem."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def problems(kinds: Iterable[type[Refusal]]) -> dict[int, Json]:
    """The responses that kinds of refusals are, by status."""
    by_status: dict[int, set[str]] = {}
    for kind in kinds:
        by_status.setdefault(status_of(kind), set()).add(f"`{kind.code}`: {kind.title}")
    return {status: problem("; ".join(sorted(texts))) for status, texts in by_status.items()}


def request_header(name: str, description: str, **schema: Any) -> Json:
    """A header that a request may carry."""
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }
