"""Values in the hands of others, who can neither read nor change them: in cursors and in links.

Encrypted by AES-SIV (RFC 5297), which makes the same of the same, so that answers and mails they
stand in stay the same. A seal is bound to its purpose, and holds for as long as the key does: what
it opens has to be asked for by whoever opens it.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV


class BrokenSeal(Exception):
    """It was sealed for another purpose or by another key, or was changed, or is no seal at all."""


def seal(key: str, purpose: str, value: Any) -> str:
    """Seal `value` (JSON) as letters, digits, `-` and `_`."""
    return _packed(_cipher(key).encrypt(orjson.dumps(value), [purpose.encode()]))


def unseal(key: str, purpose: str, sealed: str) -> Any:
    """The value that was sealed for `purpose`; raises `BrokenSeal`."""
    try:
        return orjson.loads(_cipher(key).decrypt(_unpacked(sealed), [purpose.encode()]))
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal from error


def _packed(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _packed(sealed) != text:  # the decoder passes over what it does not know
        raise ValueError(text)
    return sealed


@cache
def _cipher(key: str) -> AESSIV:
    return AESSIV(hashlib.blake2b(key.encode(), digest_size=32, person=b"seal").digest())
