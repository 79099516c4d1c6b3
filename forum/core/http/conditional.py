"""Validators: an ETag on every successful GET, 304 for a matching one, and If-Match on writes."""

import hashlib

from flask import Flask, Response, request
from werkzeug.http import quote_etag

from forum.core.errors import PreconditionFailed
from forum.core.http.conditions import CONDITIONS
from forum.core.http.json import dump


def etag_of(body: bytes) -> str:
    """The validator of a representation, unquoted."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def require_match(representation: object) -> None:
    """Raise `PreconditionFailed` with the current state if `If-Match` names another one."""
    if request.if_match and not request.if_match.contains(etag_of(dump(representation))):
        raise PreconditionFailed(
            current=representation, headers={"ETag": quote_etag(etag_of(dump(representation)))}
        )


def init_app(app: Flask) -> None:
    """Add validators and caching rules to the answers of the application."""
    app.after_request(_validate)


def _validate(response: Response) -> Response:
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        if not response.direct_passthrough and "ETag" not in response.headers:
            response.set_etag(etag_of(response.get_data()))
        if not CONDITIONS.isdisjoint(request.environ):
            response.make_conditional(request)
    _say_who_may_keep_it(response)
    return response


def _say_who_may_keep_it(response: Response) -> None:
    response.vary.add("Authorization")
    if "Cache-Control" in response.headers:
        return
    if request.method not in {"GET", "HEAD"} or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    elif "Authorization" in request.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    else:
        response.headers["Cache-Control"] = "public, no-cache"
