"""What is kept of network addresses: keyed hashes, the same for the same address and purpose.

Nobody can reverse one without the secret key, nor tell that hashes for two purposes are of one
address.
"""

import hashlib
from functools import lru_cache

LOGS = "logs"
CALLERS = "callers"
"""Whom limits count, keys of repeated requests belong to, and bans keep out."""


@lru_cache(2000)
def pseudonym(secret_key: str, purpose: str, address: str) -> str:
    """Stands for an address; 32 hexadecimal digits."""
    key = hashlib.blake2b(secret_key.encode(), digest_size=32, person=purpose.encode()).digest()
    return hashlib.blake2b(address.encode(), key=key, digest_size=16).hexdigest()
