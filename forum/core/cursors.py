"""Opaque, tamper-evident cursors: a position in an ordering, bound to the list it belongs to.

Sealed, for a position tells ranks that are hidden with what they rank; and always in the same way,
so that the answers they stand in keep their validators.
"""

from typing import Any

from forum.core.errors import BadRequest
from forum.core.seals import BrokenSeal, seal, unseal


class CursorMismatch(BadRequest):
    """The cursor belongs to a list with other filters or another sort, or is not one of ours.

    Take cursors from `page.next` and use them with the same parameters; only `limit` may change.
    """

    code = "cursor-mismatch"
    title = "The cursor does not belong to this list"


def encode(key: str, scope: str, position: Any) -> str:
    """Seal `position` (JSON) for the list named `scope`."""
    return seal(key, f"cursor {scope}", position)


def decode(key: str, scope: str, cursor: str) -> Any:
    """The position in `cursor`; raises `CursorMismatch`."""
    try:
        return unseal(key, f"cursor {scope}", cursor)
    except BrokenSeal as error:
        raise CursorMismatch from error
