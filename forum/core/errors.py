"""What can go wrong because of a caller, told without a word of HTTP.

A feature names its errors after what happened and derives them from the kind they belong to:
`class ThreadIsLocked(Conflict)`. The docstring is the public explanation of the error.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar, Self


class Refusal(Exception):
    """Something that was asked for and is not done."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"
    keeps_changes: ClassVar[bool] = False
    """Whether what the command has written so far is to be committed all the same."""

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str | None = None,
        headers: dict[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.explanation()
        self.errors = [{"pointer": pointer, "detail": self.detail}] if pointer is not None else []
        self.headers = headers or {}
        self.members = members

    @classmethod
    def explanation(cls) -> str:
        """The docstring, on one line."""
        return " ".join((cls.__doc__ or cls.title).split())


class BadRequest(Refusal):
    """The request cannot be understood."""

    code = "bad-request"
    title = "The request cannot be understood"


class Unauthorized(Refusal):
    """The request needs a valid sign-in: send `Authorization: Bearer <access token>`."""

    code = "unauthorized"
    title = "Sign in first"


class Forbidden(Refusal):
    """The signed-in member may not do this."""

    code = "forbidden"
    title = "Not allowed"


class NotFound(Refusal):
    """Nothing is here, or nothing that the reader may see."""

    code = "not-found"
    title = "Not found"
    names: Mapping[str, Any] = MappingProxyType({})
    """What was looked for besides what the address names, by the names that addresses use."""


class Conflict(Refusal):
    """The request is fine, but what it is about is in a state that does not allow it."""

    code = "conflict"
    title = "Not possible in the present state"


class PreconditionFailed(Refusal):
    """The resource has changed since the validator in `If-Match` was read."""

    code = "precondition-failed"
    title = "It has changed meanwhile"


class Invalid(Refusal):
    """Members or parameters of the request do not fit; `errors` points at each of them."""

    code = "invalid"
    title = "The request does not fit its description"


class TooManyRequests(Refusal):
    """A limit on how often this may be done has been reached; `Retry-After` says when to go on."""

    code = "too-many-requests"
    title = "Too many requests"

    @classmethod
    def until(cls, moment: datetime, now: datetime) -> Self:
        """The refusal of who may go on at that moment."""
        seconds = max(1, ceil((moment - now).total_seconds()))
        return cls(headers={"Retry-After": str(seconds)})


class Unavailable(Refusal):
    """The service cannot answer at the moment; `Retry-After` says when to try again."""

    code = "unavailable"
    title = "Not available at the moment"


def all_refusals() -> Iterator[type[Refusal]]:
    """Every kind of refusal that is defined, most general first."""
    waiting = [Refusal]
    while waiting:
        kind = waiting.pop(0)
        if kind is not Refusal:
            yield kind
        waiting.extend(kind.__subclasses__())
