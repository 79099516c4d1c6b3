"""Conditions in the headers of a request: some are passed over before anybody looks at them.

A date that no calendar has (RFC 9110, 13.1), and on requests that change nothing `If-Match`, which
guards changes.
"""

from collections.abc import Iterable
from typing import Any

from werkzeug.http import parse_date

from forum.core.http.transactions import SAFE_METHODS

Environ = dict[str, Any]

CONDITIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})
"""Under which a reader wants no answer but that nothing has changed."""
DATED = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")
UNREADABLE = "unreadable"
"""What is no date to anybody, nor the tag of anything: with it in If-Range, Range has no effect."""


class UsualConditions:
    """WSGI middleware that takes out `If-Match` where nothing can be changed.

    And overwrites dates on which werkzeug fails instead of finding none.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            environ.pop("HTTP_IF_MATCH", None)
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
