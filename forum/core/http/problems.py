"""Every error as `application/problem+json` (RFC 9457)."""

from typing import Any, NamedTuple, cast

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as RouteNotFound
from werkzeug.wrappers import Response as BaseResponse

from forum.core.db import may_pass
from forum.core.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    Refusal,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    all_refusals,
)
from forum.core.http.json import dump

MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Refusal], int] = {
    BadRequest: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionFailed: 412,
    Invalid: 422,
    TooManyRequests: 429,
    Unavailable: 503,
}


class Explained(NamedTuple):
    """What a problem of a kind means; `title` and `explanation` are for people."""

    status: int
    code: str
    title: str
    explanation: str


CANNOT_BE_UNDERSTOOD = Explained(400, BadRequest.code, BadRequest.title, BadRequest.explanation())
FAILED = Explained(
    500,
    "internal-server-error",
    "The service failed",
    "The service failed. The request id finds the cause in its log.",
)
PROTOCOL_ERRORS = {
    405: Explained(
        405,
        "method-not-allowed",
        "Not with this method",
        "The address exists, but not for this method; `Allow` lists the methods it knows.",
    ),
    413: Explained(
        413,
        "request-entity-too-large",
        "The body is too large",
        "The body of the request is larger than the service accepts.",
    ),
    415: Explained(
        415,
        "unsupported-media-type",
        "The body is of another media type",
        "The body must be `application/json`.",
    ),
    500: FAILED,
}
"""Problems of the protocol itself, which no feature raises, by status."""


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal."""
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def explanations() -> dict[str, Explained]:
    """Every kind of problem, by code; where kinds share one, the most general."""
    refusals = [
        Explained(status_of(kind), kind.code, kind.title, kind.explanation())
        for kind in all_refusals()
    ]
    return {kind.code: kind for kind in reversed([*PROTOCOL_ERRORS.values(), *refusals])}


def problem(
    status: int, code: str, title: str, detail: str, members: dict[str, Any] | None = None
) -> Response:
    """The answer that tells a caller what went wrong."""
    body = {
        "type": f"{current_app.extensions['problem_types']}{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id"),
        **(members or {}),
    }
    response = Response(dump(body), status=status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask, base_url: str) -> None:
    """Answer every error of the application with a problem, explained at the site's address."""
    app.extensions["problem_types"] = f"{base_url}/problems/"
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, _protocol_error)
    app.register_error_handler(OperationalError, _database_failed)
    app.register_error_handler(PoolTimeoutError, _database_busy)
    app.register_error_handler(Exception, _crashed)


def refused(refusal: Refusal) -> Response:
    """The answer that tells a caller of a refusal."""
    members = {**({"errors": refusal.errors} if refusal.errors else {}), **refusal.members}
    answer = problem(status_of(type(refusal)), refusal.code, refusal.title, refusal.detail, members)
    answer.headers.update(refusal.headers)
    if answer.status_code == 401:
        answer.headers.setdefault("WWW-Authenticate", "Bearer")
    return answer


def _protocol_error(error: HTTPException) -> BaseResponse:
    if isinstance(error, RouteNotFound):
        return refused(NotFound())
    if error.response is not None:  # a redirect or a ready answer
        return Response.force_type(cast(BaseResponse, error.response))
    status = error.code or FAILED.status
    known = PROTOCOL_ERRORS.get(status)
    kind = known or _general(status)
    detail = kind.explanation if known else error.description or kind.explanation
    answer = problem(status, kind.code, kind.title, detail)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    if isinstance(error, RequestEntityTooLarge):
        answer.headers["Connection"] = "close"
    return answer


def _general(status: int) -> Explained:
    """What any status of its class means to who does not know it (RFC 9110, section 15)."""
    return CANNOT_BE_UNDERSTOOD if status < 500 else FAILED


def _database_failed(error: OperationalError) -> Response:
    return _database_busy(error.orig) if may_pass(error) else _crashed(error)


def _database_busy(cause: BaseException | None) -> Response:
    current_app.logger.warning("database unavailable: %s", cause)
    return refused(Unavailable(headers={"Retry-After": "2"}))


def _crashed(error: Exception) -> Response:
    current_app.logger.error("unhandled error", exc_info=error)
    return problem(FAILED.status, FAILED.code, FAILED.title, FAILED.explanation)
