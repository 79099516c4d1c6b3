"""Links in mails: what they let their reader do without signing in."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from forum.config import Settings
from forum.core import clock
from forum.core.errors import NotFound
from forum.core.seals import BrokenSeal, seal, unseal

CONFIRM = "confirm a subscription"
STOP = "stop mail"
GOOD_FOR = timedelta(days=7)


class LinkNotFound(NotFound):
    """The link is not one of ours, is not whole, or asked for something too long ago."""


@dataclass(frozen=True)
class Request:
    """An address wants mail about a target, as whoever typed it says."""

    email: str
    target: str
    mail: str
    asked_at: str

    @property
    def is_old(self) -> bool:
        """Whether it can no longer be confirmed."""
        return datetime.fromisoformat(self.asked_at) < clock.now() - GOOD_FOR


@dataclass(frozen=True)
class Stop:
    """A subscriber wants no more mail, about a target or, where it is None, about anything."""

    subscriber_id: int
    target: str | None


def confirming(settings: Settings, request: Request) -> str:
    """The address of the page that confirms a request."""
    return _link(settings, "confirm", seal(settings.secret_key, CONFIRM, asdict(request)))


def stopping(settings: Settings, stop: Stop) -> str:
    """The address that stops mail (RFC 8058)."""
    return _link(settings, "stop", seal(settings.secret_key, STOP, asdict(stop)))


def request_of(settings: Settings, token: str) -> Request:
    """What a link confirms; raises `LinkNotFound`."""
    request = Request(**_opened(settings, CONFIRM, token))
    if request.is_old:
        raise LinkNotFound
    return request


def stop_of(settings: Settings, token: str) -> Stop:
    """What a link stops; raises `LinkNotFound`."""
    return Stop(**_opened(settings, STOP, token))


def _link(settings: Settings, verb: str, token: str) -> str:
    return f"{settings.base_url}/subscriptions/{verb}?token={token}"


def _opened(settings: Settings, purpose: str, token: str) -> dict[str, Any]:
    try:
        opened: dict[str, Any] = unseal(settings.secret_key, purpose, token)
    except BrokenSeal as error:
        raise LinkNotFound from error
    return opened
