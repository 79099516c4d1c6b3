"""The limit on reading for routes that ask nobody who they are."""

from flask import current_app, request

from forum.core.errors import TooManyRequests
from forum.core.http.proxies import rate_limit_address
from forum.core.ratelimits import RateLimits


def count_read() -> None:
    """Count the request among the reads of its address; raises `TooManyRequests`."""
    limits: RateLimits | None = current_app.extensions["ratelimits"]
    if limits is None:
        return
    usage = limits.hit("read", rate_limit_address(request.remote_addr or ""))
    if not usage.allowed:
        raise TooManyRequests(headers={"Retry-After": str(max(1, usage.reset))})
