"""The caller's address: believed from `X-Forwarded-For` only when a configured proxy says so."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Environ = dict[str, Any]


class TrustedProxies:
    """WSGI middleware that replaces `REMOTE_ADDR` by the nearest address that is not a proxy.

    `networks` are addresses or CIDR ranges of proxies, otherwise `ValueError`; everything they did
    not add is ignored.
    """

    def __init__(self, app: Any, networks: Sequence[str]) -> None:
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in networks]

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        if forwarded:
            environ["REMOTE_ADDR"] = self._client(environ.get("REMOTE_ADDR", ""), forwarded)
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def _client(self, peer: str, forwarded: str) -> str:
        client = peer
        for hop in reversed(forwarded.split(",")):
            if not self._is_proxy(client) or _parse(hop.strip()) is None:
                break
            client = hop.strip()
        return client

    def _is_proxy(self, address: str) -> bool:
        parsed = _parse(address)
        return parsed is not None and any(parsed in network for network in self._networks)


@lru_cache(1000)
def rate_limit_address(address: str) -> str:
    """The address that limits count by: the /64 network of an IPv6 address."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed or "unknown")


def _parse(address: str) -> IPv4Address | IPv6Address | None:
    """The address; as IPv4 if that is what a socket for both wraps in IPv6 (RFC 4291, 2.5.5.2)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
