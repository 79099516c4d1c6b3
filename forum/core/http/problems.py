"""Every error as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as RouteNotFound
from werkzeug.wrappers import Response as BaseResponse

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

PROTOCOL_ERRORS: dict[int, str] = {
    405: "The address exists, but not for this method; `Allow` lists the methods it knows.",
    413: "The body of the request is larger than the service accepts.",
    415: "The body must be `application/json`.",
    500: "The service failed. The request id finds the cause in its log.",
}
"""Problems of the protocol itself, which no feature raises, with their explanation."""


def status_of(refusal: type[Refusal]) -> int:
    """The HTTP status of a kind of refusal."""
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


def explanations() -> dict[str, tuple[int, str, str]]:
    """Status, title and explanation of every problem, by code."""
    refusals = {
        kind.code: (status_of(kind), kind.title, (kind.__doc__ or "").strip())
        for kind in all_refusals()
    }
    protocol = {
        _slug(HTTPStatus(status).phrase): (status, HTTPStatus(status).phrase, text)
        for status, text in PROTOCOL_ERRORS.items()
    }
    return protocol | refusals


def problem(
    status: int, code: str, title: str, detail: str, members: dict[str, Any] | None = None
) -> Response:
    """The answer that tells a caller what went wrong."""
    body = {
        "type": f"{current_app.config['BASE_URL']}/problems/{code}",
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


def init_app(app: Flask) -> None:
    """Answer every error of the application with a problem."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _protocol_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(PoolTimeoutError, _database_busy)
    app.register_error_handler(Exception, _crashed)


def _refused(refusal: Refusal) -> Response:
    members = {**({"errors": refusal.errors} if refusal.errors else {}), **refusal.members}
    answer = problem(status_of(type(refusal)), refusal.code, refusal.title, refusal.detail, members)
    answer.headers.update(refusal.headers)
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _protocol_error(error: HTTPException) -> BaseResponse:
    if isinstance(error, RouteNotFound):
        return _refused(NotFound())
    if error.response is not None:  # a redirect or a ready answer
        return Response.force_type(cast(BaseResponse, error.response))
    status = error.code or 500
    phrase = HTTPStatus(status).phrase
    answer = problem(
        status, _slug(phrase), phrase, PROTOCOL_ERRORS.get(status, error.description or phrase)
    )
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    if isinstance(error, RequestEntityTooLarge):
        answer.headers["Connection"] = "close"
    return answer


def _database_busy(error: Exception) -> Response:
    current_app.logger.warning("database unavailable: %s", error)
    return _refused(Unavailable(headers={"Retry-After": "2"}))


def _crashed(error: Exception) -> Response:
    current_app.logger.error("unhandled error", exc_info=error)
    return problem(
        500, _slug("Internal Server Error"), "Internal Server Error", PROTOCOL_ERRORS[500]
    )


def _slug(phrase: str) -> str:
    return phrase.lower().replace(" ", "-")
