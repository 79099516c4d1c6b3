"""Secrets that others hold and show, of which only a hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits in 43 characters that may stand in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token; it has more entropy than anybody can guess through."""
    return hashlib.sha256(token.encode()).hexdigest()
