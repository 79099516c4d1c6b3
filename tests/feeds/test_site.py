"""Where an installation is, and what its ids are made of."""

import pytest

from forum.config import ConfigurationError
from forum.feeds.site import Site


@pytest.mark.parametrize(
    ("base_url", "authority"),
    [
        ("https://Talk.Example", "talk.example"),
        ("https://talk.example:8443/forum", "talk.example"),
        ("https://bücher.example", "xn--bcher-kva.example"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", "1.0.0.127.in-addr.arpa"),
        (
            "http://[::1]:8000",
            "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
        ),
    ],
)
def test_ids_are_vouched_for_by_the_name_of_the_host(base_url: str, authority: str) -> None:
    assert Site.at(base_url, "Talk").tag("replies/7") == f"tag:{authority},2026-01-01:replies/7"


@pytest.mark.parametrize("base_url", ["talk.example", "", "https://", "https://a_b.example"])
def test_an_address_without_a_usable_name_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigurationError, match="FORUM_BASE_URL"):
        Site.at(base_url, "Talk")


def test_addresses_lie_below_the_base_address() -> None:
    site = Site.at("https://talk.example/forum", "Talk")
    assert site.url("replies/7") == "https://talk.example/forum/replies/7"
    assert site.url("") == "https://talk.example/forum/"
