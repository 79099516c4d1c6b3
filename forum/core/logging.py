"""One line on stdout per request and per event, each carrying the id of its request.

Lines name the route and the path but never a query string, a header or a body, and the caller's
address only as a keyed hash. Whoever recognises the caller binds who it is, as in
`structlog.contextvars.bind_contextvars(member=7)`.
"""

import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import Processor

from forum.core.pseudonyms import LOGS, pseudonym

REQUEST_ID_HEADER = "X-Request-ID"
WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")

_READABLE = structlog.dev.ConsoleRenderer(
    colors=False, exception_formatter=structlog.dev.plain_traceback
)
_log = structlog.stdlib.get_logger("request")


def configure(level: str, json: bool) -> None:
    """Send the lines of every logger to stdout, as JSON or as readable text."""
    handler = logging.StreamHandler(sys.stdout)
    handler.set_name(__name__)
    handler.setFormatter(_formatter(json))
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if other.name != __name__] + [handler]
    root.setLevel(level.upper())
    for talkative in ("alembic", "huey"):  # at every step, also where there is nothing to do
        logging.getLogger(talkative).setLevel(max(root.level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def init_app(app: Flask) -> None:
    """Give every request its id and its line; to be called before anything else hooks in."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _formatter(json: bool) -> logging.Formatter:
    facts: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json
        else [_READABLE]
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=facts, processors=[*facts, remove, *render]
    )


def log_repeated(secret_key: str, environ: dict[str, Any], route: str, status: int) -> str:
    """Write the line of a request whose answer was kept from before; gives the request's id."""
    request_id = _request_id(environ.get("HTTP_X_REQUEST_ID", ""))
    _log.info(
        "request",
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        route=route,
        status=status,
        request_id=request_id,
        client=pseudonym(secret_key, LOGS, environ.get("REMOTE_ADDR", "")),
    )
    return request_id


def _request_id(given: str) -> str:
    return given if WELL_FORMED_ID.fullmatch(given) else secrets.token_hex(16)


def _begin() -> None:
    g.request_id = _request_id(request.headers.get(REQUEST_ID_HEADER, ""))
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    _log.info(
        "request",
        method=request.method,
        path=request.path,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        duration_ms=round((time.perf_counter() - g.request_began) * 1000, 1),
        client=pseudonym(str(current_app.secret_key), LOGS, request.remote_addr or ""),
    )
    return response


def _forget(_error: BaseException | None) -> None:
    structlog.contextvars.clear_contextvars()
