"""Reading arguments: unknown members and parameters are refused, errors become JSON pointers."""

from collections.abc import Iterator
from typing import Any, ClassVar, NoReturn

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser

from forum.core.errors import Invalid
from forum.core.http.json import read_json


class StrictParser(FlaskParser):
    """Webargs, with our JSON and our errors."""

    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar[dict[str, str | None]] = {
        "json": ma.RAISE,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The decoded body; raises `MalformedJson` or 415."""
        return read_json(req)

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


def _pointed(messages: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Messages as pairs of pointer and detail: `/body` in JSON, `?limit` in the query."""
    if isinstance(messages, dict):
        separator = "" if pointer == "?" else "/"
        for key, inner in messages.items():
            below = pointer if key == "_schema" else f"{pointer}{separator}{key}"
            yield from _pointed(inner, below)
    else:
        for message in messages:
            yield {"pointer": pointer, "detail": str(message)}
