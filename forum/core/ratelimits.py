"""How often a caller may do something: moving windows shared by all workers.

Counted in Redis when there is one, otherwise in the process. When Redis cannot be reached the
process counts for itself for a few seconds and then tries again: a lost Redis slows no request.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

RETRY_STORAGE_AFTER = 5.0
STORAGE_TIMEOUTS = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}


@dataclass(frozen=True)
class Usage:
    """What a caller has used of a policy; `reset` and `window` are seconds."""

    policy: str
    limit: int
    window: int
    remaining: int
    reset: int
    allowed: bool


class RateLimits:
    """The policies of an application, by name, as `limits` spells them: "60 per minute"."""

    def __init__(self, policies: Mapping[str, str], redis_url: str = "") -> None:
        self._policies: dict[str, RateLimitItem] = {n: parse(p) for n, p in policies.items()}
        self._memory = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _shared_limiter(redis_url) if redis_url else None
        self._shared_again_at = 0.0

    def hit(self, policy: str, caller: str) -> Usage:
        """Count one request of `caller`."""
        shared = self._shared
        if shared is not None and time.monotonic() >= self._shared_again_at:
            try:
                return self._hit(shared, policy, caller)
            except shared.storage.base_exceptions:
                self._shared_again_at = time.monotonic() + RETRY_STORAGE_AFTER
        return self._hit(self._memory, policy, caller)

    def _hit(self, limiter: MovingWindowRateLimiter, policy: str, caller: str) -> Usage:
        item = self._policies[policy]
        allowed = limiter.hit(item, policy, caller)
        window = limiter.get_window_stats(item, policy, caller)
        return Usage(
            policy=policy,
            limit=item.amount,
            window=item.get_expiry(),
            remaining=max(0, window.remaining),
            reset=max(0, math.ceil(window.reset_time - time.time())),
            allowed=allowed,
        )


def _shared_limiter(redis_url: str) -> MovingWindowRateLimiter:
    storage = storage_from_string(redis_url, wrap_exceptions=False, **STORAGE_TIMEOUTS)
    return MovingWindowRateLimiter(cast(Storage, storage))
