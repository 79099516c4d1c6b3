"""Values as people write them into settings.

Each function reads text as one kind of value; it raises `ValueError` with what it expected instead.
"""

import json
import re
from collections.abc import Callable
from email.utils import parseaddr
from ipaddress import ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from email_validator import EmailNotValidError, validate_email
from limits import parse_many
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

MIN_KEY_BYTES = 32
MIN_RSA_BITS = 2048
DATABASES = frozenset({"sqlite", "postgres", "postgresql", "postgresql+psycopg"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_KNOWN_KEYS = re.compile(r"change.?me|secret.?key|your.?secret|password|insecure", re.IGNORECASE)
_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^/?#\s*@:\[\]]+)(:[0-9]{1,5})?"
_ORIGIN = re.compile(f"https?://{_HOST}")
_WEB = re.compile(rf"https?://{_HOST}([/?][!-;=?-~]*)?")
_SMTP = re.compile(rf"smtps?://([^/@:\s]+:[^/@:\s]+@)?{_HOST}/?")
_REDIS = re.compile(rf"rediss?://([^/@\s]*@)?{_HOST}(/[0-9]*)?(\?\S*)?")


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads whole numbers between two, inclusive."""

    def read(text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(text)

    return read


def boolean(text: str) -> bool:
    """Reads yes and no as people write them."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("expected true or false")


def listed(text: str) -> tuple[str, ...]:
    """Reads what is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def secret(text: str) -> str:
    """Reads a key that is long enough and that nobody has read elsewhere."""
    if len(text.encode()) < MIN_KEY_BYTES:
        raise ValueError(
            f"expected at least {MIN_KEY_BYTES} bytes; "
            'make them with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if len(set(text)) < 8 or _KNOWN_KEYS.search(text):
        raise ValueError("expected random characters, not a known or trivial value")
    return text


class OidcProvider(NamedTuple):
    """A provider of OpenID Connect, and what this forum is called there."""

    name: str
    issuer: str
    client_id: str
    client_secret: str


def providers(text: str) -> tuple[OidcProvider, ...]:
    """Reads providers of OpenID Connect from JSON: objects by names that may stand in addresses."""
    try:
        return tuple(_provider(name, said) for name, said in json.loads(text).items())
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise ValueError(
            'expected {"name": {"issuer": "https://id.example.com", "client_id": "forum"}}'
        ) from error


def _provider(name: str, said: dict[str, str]) -> OidcProvider:
    known = {"client_secret": "", **said}
    texts = all(isinstance(value, str) for value in known.values())
    if not texts or not known["client_id"] or not re.fullmatch("[a-z0-9-]{1,32}", name):
        raise ValueError(name)
    return OidcProvider(name, web_address(known.pop("issuer")), **known)


def one_of(*choices: str) -> Callable[[str], str]:
    """Reads one of some words."""

    def read(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}")
        return text.lower()

    return read


def public_key(text: str) -> str:
    """Reads a public key in PEM, of RSA or Ed25519; its lines may be told apart by `\\n`."""
    pem = text.replace("\\n", "\n")
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError:
        key = None
    is_long_rsa = isinstance(key, RSAPublicKey) and key.key_size >= MIN_RSA_BITS
    if not is_long_rsa and not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"expected a PEM of Ed25519, or of RSA with {MIN_RSA_BITS} bits or more")
    return pem


def database_address(text: str) -> str:
    """Reads the address of an SQLite file or of a PostgreSQL database."""
    try:
        supported = make_url(text).drivername in DATABASES
    except (ArgumentError, ValueError):
        supported = False
    if not supported:
        raise ValueError(
            "expected postgresql://user:password@host/database or sqlite:////path/to/file"
        )
    return text


def redis_address(text: str) -> str:
    """Reads the address of a Redis database."""
    if not _REDIS.fullmatch(text):
        raise ValueError("expected redis://host:6379/0")
    return text


def mail_server(text: str) -> str:
    """Reads the address of a server that takes mail."""
    if not _SMTP.fullmatch(text) or not _has_port(text):
        raise ValueError("expected smtp://user:password@host:587 or smtps://host:465")
    return text


def mailbox(text: str) -> str:
    """Reads an address that mail comes from, with or without a name before it."""
    _, address = parseaddr(text)
    try:
        usable = validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        usable = None
    if not usable:
        raise ValueError("expected forum@example.com or The forum <forum@example.com>")
    return text


def site_address(text: str) -> str:
    """Reads the address of a site that stands at the root of its host."""
    return _origin(text.removesuffix("/"), "https://forum.example.com, without a path")


def origins(text: str) -> tuple[str, ...]:
    """Reads the origins of pages, as a browser names them (RFC 6454)."""
    return tuple(_origin(part, "origins like https://blog.example.com") for part in listed(text))


def web_address(text: str) -> str:
    """Reads the address of something that is called by HTTP."""
    if not _WEB.fullmatch(text):
        raise ValueError("expected https://hub.example.com/")
    return text


def networks(text: str) -> tuple[str, ...]:
    """Reads addresses and networks in CIDR notation."""
    try:
        return tuple(str(ip_network(part, strict=False)) for part in listed(text))
    except ValueError as error:
        raise ValueError("expected addresses or networks like 10.0.0.0/8") from error


def rate(text: str) -> str:
    """Reads how often something may be done."""
    try:
        (limit,) = parse_many(text)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise ValueError('expected a limit like "60 per minute"')
    return text


def level(text: str) -> str:
    """Reads from which weight on lines are logged."""
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"expected one of {', '.join(LOG_LEVELS)}")
    return text.upper()


def _origin(text: str, expected: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise ValueError(f"expected {expected}")
    return text


def _has_port(text: str) -> bool:
    """Whether the port of an address, if it names one, is a port."""
    try:
        return urlsplit(text).port != 0
    except ValueError:
        return False
