"""Reading arguments: unknown members and parameters are refused, errors become JSON pointers."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, request
from marshmallow.fields import List
from webargs.flaskparser import FlaskParser

from forum.core.errors import Invalid
from forum.core.http.json import read_json
from forum.core.http.parameters import refuse_repeated


class StrictParser(FlaskParser):
    """Webargs, with our JSON and our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as webargs has it
        "json": ma.RAISE,
        "query": ma.RAISE,
    }

    def parse(
        self, argmap: Any, req: Request | None = None, *, location: str | None = None, **kwargs: Any
    ) -> Any:
        """The arguments that `argmap`, a schema, makes of what is sent; the view's to keep."""
        if location == "query":
            return dict(_query(self, argmap, request.query_string))
        return super().parse(argmap, req, location=location, **kwargs)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The decoded body; raises `MalformedJson` or 415."""
        is_left_out = getattr(schema, "is_optional", False) and not req.content_length
        return {} if is_left_out else read_json(req)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The parameters; raises `Invalid` for one that is given twice but takes one value."""
        for name, values in req.args.lists():
            if not isinstance(schema.fields.get(name), List):
                refuse_repeated(name, values)
        return super().load_querystring(req, schema)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Turn marshmallow's messages into the `errors` of a problem."""
        location, messages = next(iter(error.messages_dict.items()))
        errors = list(_pointed(messages, "" if location == "json" else "?"))
        refusal = Invalid(errors[0]["detail"])
        refusal.errors = errors
        raise refusal from error


@lru_cache(1000)
def _query(parser: StrictParser, schema: ma.Schema, _query_string: bytes) -> Any:
    """What a query says: the same for all who send it, and read once."""
    return FlaskParser.parse(parser, schema, location="query", unknown=schema.unknown)


def _pointed(messages: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Pairs of pointer and detail: `/body` in JSON (RFC 6901), `?limit` in the query."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _pointed(inner, pointer if key == "_schema" else _below(pointer, str(key)))
    else:
        for message in messages:
            yield {"pointer": pointer, "detail": str(message)}


def _below(pointer: str, key: str) -> str:
    escaped = key.replace("~", "~0").replace("/", "~1")
    return f"?{key}" if pointer == "?" else f"{pointer}/{escaped}"
