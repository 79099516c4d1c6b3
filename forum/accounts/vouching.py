"""What another site says about somebody who signs in with it, made fit to be kept here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from forum.accounts.errors import SignInRefused
from forum.core.text import clean_email, clean_line, is_blank
from forum.core.urls import parse

LONGEST_NAME = 80
LONGEST_ID = 255

Value = TypeVar("Value")


@dataclass(frozen=True)
class Vouched:
    """Somebody whom `issuer` knows as `subject`, for good; the rest may be another every time.

    An address is there only if the issuer has verified it.
    """

    issuer: str
    subject: str
    name: str | None = None
    username: str | None = None
    email: str | None = None
    avatar_url: str | None = None
    role: str | None = None

    @classmethod
    def by(cls, issuer: str, claims: Mapping[str, Any]) -> Self:
        """From claims as OpenID Connect names them, or the shorter names that blogs may use.

        What is optional and cannot be used is left out. Raises `SignInRefused`.
        """
        verified = claims.get("email_verified") is True
        return cls(
            issuer=issuer,
            subject=identifier(claims, "sub"),
            name=_usable(_name, claims.get("name")),
            username=_usable(_name, claims.get("username") or claims.get("preferred_username")),
            email=_usable(clean_email, claims.get("email")) if verified else None,
            avatar_url=_usable(_address, claims.get("avatar_url") or claims.get("picture")),
            role=_usable(str, claims.get("role")),
        )


def identifier(claims: Mapping[str, Any], name: str) -> str:
    """A claim by which something is known again; raises `SignInRefused`."""
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_ID:
        raise SignInRefused(f"{name}: expected 1 to {LONGEST_ID} characters.")
    try:
        return clean_line(value)
    except ValueError as error:
        raise SignInRefused(f"{name}: {error}") from error


def _usable(read: Callable[[str], Value], value: Any) -> Value | None:
    try:
        return read(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _name(value: str) -> str:
    name = clean_line(value)[:LONGEST_NAME].strip()
    if is_blank(name):
        raise ValueError("Nothing to be seen.")
    return name


def _address(value: str) -> str:
    return parse(clean_line(value)).href
