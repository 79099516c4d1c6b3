"""Routes about the service itself: is it alive, ready, how busy, and how to speak to it."""

from flask import Blueprint, Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.config import settings_in
from forum.core.db import db
from forum.core.errors import Invalid, TooManyRequests
from forum.core.http.description import described
from forum.core.http.json import json_response
from forum.core.http.parameters import refuse_undescribed
from forum.core.http.quota import count_read
from forum.core.metrics import exposition

blueprint = Blueprint("service", __name__)
blueprint.before_request(refuse_undescribed)


@blueprint.get("/healthz")
@described("application/json", errors=[Invalid])
def alive() -> Response:
    """The process answers."""
    return _never_kept(json_response({"status": "alive"}))


@blueprint.get("/readyz")
@described("application/json", errors=[Invalid], statuses={503: "Not ready"})
def ready() -> Response:
    """The database and, if there is one, Redis answer; otherwise 503."""
    checks = {"database": _database_answers()}
    if settings_in(current_app).redis_url:
        checks["redis"] = _redis_answers()
    ok = all(checks.values())
    words = {name: "ok" if answers else "unreachable" for name, answers in checks.items()}
    body = {"status": "ready" if ok else "not ready", "checks": words}
    return _never_kept(json_response(body, 200 if ok else 503))


@blueprint.get("/metrics")
@described("text/plain", errors=[Invalid])
def metrics() -> Response:
    """Figures for Prometheus."""
    body, content_type = exposition()
    return _never_kept(Response(body, content_type=content_type))


@blueprint.get("/openapi.json")
@described("application/json", errors=[Invalid, TooManyRequests])
def openapi() -> Response:
    """The description of this API."""
    count_read()
    return json_response(current_app.extensions["openapi"]())


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis_answers() -> bool:
    from redis import Redis, RedisError

    url = settings_in(current_app).redis_url
    try:
        with Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
