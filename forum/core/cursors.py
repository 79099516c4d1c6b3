"""Opaque, tamper-evident cursors: a position in an ordering, bound to the list it belongs to.

Encrypted, for a position tells ranks that are hidden with what they rank; and by AES-SIV (RFC
5297), which makes the same of the same, so that the answers they stand in keep their validators.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from forum.core.errors import BadRequest


class CursorMismatch(BadRequest):
    """The cursor belongs to a list with other filters or another sort, or is not one of ours.

    Take cursors from `page.next` and use them with the same parameters; only `limit` may change.
    """

    code = "cursor-mismatch"
    title = "The cursor does not belong to this list"


def encode(key: str, scope: str, position: Any) -> str:
    """Seal `position` (JSON) for the list named `scope`."""
    sealed = _cipher(key).encrypt(orjson.dumps(position), [scope.encode()])
    return _packed(sealed)


def decode(key: str, scope: str, cursor: str) -> Any:
    """The position in `cursor`; raises `CursorMismatch`."""
    try:
        return orjson.loads(_cipher(key).decrypt(_unpacked(cursor), [scope.encode()]))
    except (InvalidTag, ValueError) as error:
        raise CursorMismatch from error


def _packed(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _unpacked(cursor: str) -> bytes:
    sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    if _packed(sealed) != cursor:  # the decoder passes over what it does not know
        raise ValueError(cursor)
    return sealed


@cache
def _cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.blake2b(key.encode(), digest_size=32, person=b"cursor").digest())
