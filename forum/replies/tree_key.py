"""The key that gives replies their place: ids from the top-level reply down, five bytes each."""

STEP = 5
LAST = b"\xff" * STEP
"""What follows the key of a reply in the last key that those below it may have."""


def child_key(parent_key: bytes, reply_id: int) -> bytes:
    """The key of a reply below the one with `parent_key` (empty at the top level)."""
    return parent_key + reply_id.to_bytes(STEP, "big")


def parent_key(key: bytes) -> bytes:
    """The key of the reply above; empty at the top level."""
    return key[:-STEP]


def span(key: bytes) -> tuple[bytes, bytes]:
    """The first and the last key that a reply and those below it may have."""
    return key, key + LAST


def ids(key: bytes) -> list[int]:
    """The ids along the key, from the top-level reply to the reply itself."""
    return [int.from_bytes(key[i : i + STEP], "big") for i in range(0, len(key), STEP)]


def ancestor_ids(key: bytes) -> list[int]:
    """The ids above a reply, the top-level one first."""
    return ids(parent_key(key))
