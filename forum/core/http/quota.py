"""What a caller may still ask: every request counts, and its answer says what is left.

In the words of draft-ietf-httpapi-ratelimit-headers; `forum.core.ratelimits` does the counting.
"""

from flask import Flask, Response, current_app, g, request

from forum.core.errors import TooManyRequests
from forum.core.http.proxies import rate_limit_address
from forum.core.http.transactions import SAFE_METHODS
from forum.core.pseudonyms import CALLERS, pseudonym
from forum.core.ratelimits import RateLimits, Usage


def init_app(app: Flask) -> None:
    """Tell all who are counted their figures."""
    app.after_request(_tell)


def address() -> str:
    """The caller as far as nobody knows more: where the request comes from, as a keyed hash."""
    return hash_of(request.remote_addr or "")


def hash_of(address: str) -> str:
    """What is kept of an address: of IPv4 all of it, of IPv6 the /64 network."""
    return pseudonym(str(current_app.secret_key), CALLERS, rate_limit_address(address))


def count(policy: str, caller: str) -> None:
    """Count the request; raises `TooManyRequests`."""
    limits: RateLimits | None = current_app.extensions["ratelimits"]
    if limits is None:
        return
    usage = limits.hit(policy, caller)
    g.usage = usage
    if not usage.allowed:
        raise TooManyRequests(headers={"Retry-After": str(max(1, usage.reset))})


def is_within(policy: str, caller: str) -> bool:
    """Count for somebody else than who asks, who is told nothing; whether the limit allows it."""
    limits: RateLimits | None = current_app.extensions["ratelimits"]
    return limits is None or limits.hit(policy, caller).allowed


def count_read() -> None:
    """Count the request among the reads of its address."""
    count("read", address())


def _tell(response: Response) -> Response:
    usage: Usage | None = g.get("usage")
    if usage is not None and (response.status_code == 429 or not _is_shared()):
        response.headers["RateLimit-Policy"] = f'"{usage.policy}";q={usage.limit};w={usage.window}'
        response.headers["RateLimit"] = f'"{usage.policy}";r={usage.remaining};t={usage.reset}'
    return response


def _is_shared() -> bool:
    """Whether caches may give the answer to others, who have figures of their own."""
    return request.method in SAFE_METHODS and "Authorization" not in request.headers
