"""Dates in the headers of a request: one that no calendar has is passed over (RFC 9110, 13.1)."""

from collections.abc import Iterable
from typing import Any

from werkzeug.http import parse_date

Environ = dict[str, Any]

DATED = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")
UNREADABLE = "unreadable"
"""What is no date to anybody, nor the tag of anything: with it in If-Range, Range has no effect."""


class ReadableDates:
    """WSGI middleware that overwrites dates on which werkzeug fails instead of finding none."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        for name in DATED:
            if name in environ and not _can_be_read(environ[name]):
                environ[name] = UNREADABLE
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer


def _can_be_read(value: str) -> bool:
    """Whether it can be looked at; a value that is no date can."""
    try:
        parse_date(value)
    except OverflowError:
        return False
    return True
