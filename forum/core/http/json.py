"""JSON through orjson: strict on the way in, bytes on the way out."""

from typing import Any

import orjson
from flask import Flask, Request, Response
from flask.json.provider import JSONProvider
from werkzeug.exceptions import UnsupportedMediaType

from forum.core.errors import BadRequest


class MalformedJson(BadRequest):
    """The body is not JSON as RFC 8259 defines it, or is nested too deeply."""

    code = "malformed-json"
    title = "The body is not JSON"


class OrjsonProvider(JSONProvider):
    """Flask's JSON, by orjson."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return dump(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return json_response(self._prepare_response_obj(args, kwargs))


def dump(value: Any) -> bytes:
    """Encode; times come out as RFC 3339 in UTC with `Z`."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def json_response(value: Any, status: int = 200) -> Response:
    """An answer with `value` as its JSON body."""
    return Response(dump(value), status=status, mimetype="application/json")


def read_json(request: Request) -> Any:
    """The decoded body; raises `MalformedJson` or 415 for another media type."""
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return orjson.loads(_read(request))
    except orjson.JSONDecodeError as error:
        raise MalformedJson(f"The body is not JSON: {error}.") from error


def _read(request: Request) -> bytes:
    """The body; werkzeug cuts one of unknown length at the limit, and refuses to read on there."""
    body = request.get_data(cache=True)
    if request.content_length is None:
        request.stream.read(1)
    return body


def init_app(app: Flask) -> None:
    """Make orjson the application's JSON."""
    app.json_provider_class = OrjsonProvider
    app.json = OrjsonProvider(app)
