"""Opaque, tamper-evident cursors: a position in an ordering, bound to the list it belongs to."""

from functools import cache
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from forum.core.errors import BadRequest


class CursorMismatch(BadRequest):
    """The cursor belongs to a list with other filters or another sort, or is not one of ours.

    Take cursors from `page.next` and use them with the same parameters; only `limit` may change.
    """

    code = "cursor-mismatch"
    title = "The cursor does not belong to this list"


def encode(key: str, scope: str, position: Any) -> str:
    """Sign `position` (JSON) for the list named `scope`."""
    return _serializer(key).dumps([scope, position])


def decode(key: str, scope: str, cursor: str) -> Any:
    """The position in `cursor`; raises `CursorMismatch`."""
    try:
        cursor_scope, position = _serializer(key).loads(cursor)
    except (BadSignature, ValueError, TypeError) as error:
        raise CursorMismatch from error
    if cursor_scope != scope:
        raise CursorMismatch
    return position


@cache
def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="cursor")
