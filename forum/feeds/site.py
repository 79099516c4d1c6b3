"""Where this installation is: the source of absolute links and lasting ids."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from urllib.parse import quote

from ada_url import URL

from forum.config import ConfigurationError
from forum.feeds.model import tag_uri

MINTED_ON = date(2026, 1, 1)
"""In every id: whoever moves the installation to another name gives other ids anyway."""
LONG_AGO = datetime.combine(MINTED_ON, time(), UTC)
"""When feeds began that nobody began."""


FORMATS = ("rss", "atom", "json")
"""What the addresses of feeds end in."""


@dataclass(frozen=True)
class Site:
    """The installation at `base_url`, an absolute URL without a slash at its end."""

    name: str
    base_url: str
    authority: str
    """The DNS name that vouches for ids."""

    @classmethod
    def at(cls, base_url: str, name: str) -> "Site":
        """Raises `ConfigurationError` for an address whose host no id can be made of."""
        try:
            site = cls(name, base_url, _authority(base_url))
            site.tag("feeds")
        except ValueError as error:
            raise ConfigurationError(
                "FORUM_BASE_URL: expected http(s):// and a DNS name or an IP address."
            ) from error
        return site

    def url(self, path: str) -> str:
        """The absolute address of a path below the site, such as `threads/7`."""
        return f"{self.base_url}/{quote(path)}"

    def tag(self, specific: str) -> str:
        """The `tag:` URI (RFC 4151) of something here, such as `threads/7`."""
        return tag_uri(self.authority, MINTED_ON, specific)


def _authority(base_url: str) -> str:
    """The host; for an IP address, its name in the DNS (RFC 1035, 3.5; RFC 3596, 2.5)."""
    host = URL(base_url).hostname
    try:
        return ip_address(host.strip("[]")).reverse_pointer
    except ValueError:
        return host
