"""The caller's address, as far as trusted proxies vouch for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.http.proxies import TrustedProxies, rate_limit_address

PROXIES = ["10.0.0.0/8", "2001:db8::7"]


def client_address(peer: str, forwarded: str | None, proxies: list[str] = PROXIES) -> str:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        seen.update(environ)
        return []

    environ = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    TrustedProxies(app, proxies)(environ, None)
    return str(seen["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.2.0.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1,10.2.0.1 , 2001:db8::7", "198.51.100.1"),
        ("2001:db8::7", "2001:db8::8", "2001:db8::8"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_is_the_callers(
    peer: str, forwarded: str | None, client: str
) -> None:
    assert client_address(peer, forwarded) == client


@given(st.text())
def test_nothing_a_stranger_says_is_believed(forwarded: str) -> None:
    assert client_address("192.0.2.1", forwarded) == "192.0.2.1"


@given(st.text())
def test_nothing_is_believed_without_proxies(forwarded: str) -> None:
    assert client_address("10.0.0.1", forwarded, []) == "10.0.0.1"


@given(st.text(st.characters(exclude_characters=",")))
def test_nothing_before_the_nearest_address_is_believed(made_up: str) -> None:
    assert client_address("10.0.0.1", f"{made_up}, 198.51.100.1") == "198.51.100.1"


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy"):
        TrustedProxies(None, ["proxy.example"])


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("", "unknown"),
    ],
)
def test_limits_count_by_address_or_ipv6_network(address: str, counted: str) -> None:
    assert rate_limit_address(address) == counted
