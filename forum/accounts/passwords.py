"""Passwords: how they are kept, and which are too weak to accept."""

import gzip
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

MIN_LENGTH = 10
MAX_LENGTH = 256

_HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
_HASHING = ThreadPoolExecutor(2, "hashing")
"""Each hashing takes 19 MiB, which the C library keeps for the thread it was done in.

So a rush of sign-ins waits for these two, rather than leave as much with every thread.
"""

_DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1"
    "$UUtJs6pWyLTa8mVx2RXajQ$jBT/CBSlVzNFyhxWMm7l1j07Ajjj7kvIN5wV3Gq1Jlo"
)
"""Of nobody's password: it takes as long to verify as one that `_HASHER` makes."""

# zxcvbn tries every reading of "4@8(3" and the like: 24 characters cost up to 0.5 s, 72 many more.
_MOST_ESTIMATED = 24


def hash_password(password: str) -> str:
    """The password as an Argon2id hash with the parameters OWASP recommends (RFC 9106)."""
    return _HASHING.submit(_HASHER.hash, _secret(password)).result()


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password is the hashed one. Without a hash it takes as long, and is not."""
    verified = _HASHING.submit(_HASHER.verify, password_hash or _DUMMY_HASH, _secret(password))
    try:
        verified.result()
    except VerifyMismatchError:
        return False
    return password_hash is not None


def weakness(password: str, context: Sequence[str]) -> str | None:
    """Why the password is refused, or None. `context` is what is known about its owner.

    As NIST SP 800-63B has it: long enough, not among the common ones, no mere repetition or
    sequence, nothing about the owner; no rules about kinds of characters.
    """
    if len(password) < MIN_LENGTH:
        return f"A password needs at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"A password has at most {MAX_LENGTH} characters."
    if any(password.casefold() in known.casefold() for known in context):
        return "A password must not be part of your name or address."
    if password.lower().strip() in _common_passwords():
        return "This password is among the most common ones."
    from zxcvbn import zxcvbn  # its lists take 10 MB, which few processes ever need

    if zxcvbn(password[:_MOST_ESTIMATED], user_inputs=list(context))["score"] == 0:
        return "This password is too easy to guess."
    return None


def _secret(password: str) -> bytes:
    """The same bytes however a keyboard composes a letter; any string has some."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _common_passwords() -> frozenset[str]:
    """Twenty thousand common passwords, in lower case; Django maintains the list.

    Only its data file is read, for importing the validator would load most of that framework.
    """
    packed = resources.files("django") / "contrib/auth/common-passwords.txt.gz"
    return frozenset(gzip.decompress(packed.read_bytes()).decode().splitlines())
