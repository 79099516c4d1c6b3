"""The one way out: requests to addresses that strangers may have chosen.

A name is resolved once, every address is checked, and the connection goes to one that was checked;
the certificate and the Host are still those of the name. Nothing is redirected, no proxy and no
credentials of the environment are used, and all of it is over within `WITHIN_SECONDS`.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Timer

from ada_url import URL

from forum.core.deadlines import cut, first_open, left, resolved
from forum.core.reachable import is_public, networks, read_address
from forum.core.urls import parse

WITHIN_SECONDS = 10.0
MOST_BYTES = 64 * 1024
"""Of an answer's body; what comes after them is not read."""
DEFAULT_PORTS = {"http:": 80, "https:": 443}
AGENT = "Crossroads"
TOO_LATE = "There was no complete answer within ten seconds."


class NoExchange(Exception):
    """The other side has not answered; the message says why, for the owner of the address."""


class NotAllowed(NoExchange):
    """The address leads where no request may go."""


@dataclass(frozen=True)
class Answer:
    """What was answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, allowed: Sequence[str]) -> Answer:
    """Send a POST request; redirects are answers like any other.

    `allowed` are networks that may be reached, at any port, although they are not public. Raises
    `NoExchange`, and `NotAllowed` where nothing was sent because it must not be.
    """
    return _exchange("POST", url, body, headers, allowed)


def get(url: str, headers: Mapping[str, str], *, allowed: Sequence[str]) -> Answer:
    """Send a GET request, as `post` does."""
    return _exchange("GET", url, None, headers, allowed)


def _exchange(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], allowed: Sequence[str]
) -> Answer:
    deadline = time.monotonic() + WITHIN_SECONDS
    target = _parsed(url)
    connection = _Connection(target, _reachable(target, allowed, deadline), deadline)
    with _over_at(deadline, connection):
        all_headers = {"User-Agent": AGENT, **headers, "Host": target.host, "Connection": "close"}
        connection.request(method, target.pathname + target.search, body, all_headers)
        with connection.getresponse() as response:
            received = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, received, response.read(MOST_BYTES))


class _Connection(http.client.HTTPConnection):
    """A connection to the first of the addresses that accepts one, in the name of the target."""

    def __init__(self, target: URL, addresses: Sequence[str], deadline: float) -> None:
        super().__init__(_host(target))
        self._target = target
        self._addresses = addresses
        self._deadline = deadline
        self._opened: socket.socket | None = None  # `sock` forgets it while the answer is read
        self.ended = False

    def connect(self) -> None:
        opened = first_open(self._addresses, _port(self._target), self._deadline)
        self._opened = self.sock = opened
        if self._target.protocol == "https:":
            secure = _tls().wrap_socket(
                opened, server_hostname=_host(self._target), do_handshake_on_connect=False
            )
            self._opened = self.sock = secure
            secure.do_handshake()

    def end(self) -> None:
        """Let the thread that reads or writes find nobody at the other side."""
        self.ended = True
        if self._opened:
            cut(self._opened)


@contextmanager
def _over_at(deadline: float, connection: _Connection) -> Iterator[None]:
    """End the exchange in time, also where every single byte of it arrives soon enough."""
    timer = Timer(left(deadline), connection.end)
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise NoExchange(TOO_LATE if connection.ended else _reason(error)) from error
    finally:
        timer.cancel()
        connection.close()
    if connection.ended:  # what was cut off may look like an answer
        raise NoExchange(TOO_LATE)


def _reachable(target: URL, allowed: Sequence[str], deadline: float) -> list[str]:
    """The addresses of the host; raises `NotAllowed` unless each of them may be called."""
    exceptions = networks(allowed)
    addresses = _resolved(_host(target), deadline)
    for address in map(read_address, addresses):
        if any(address in network for network in exceptions):
            continue
        if not is_public(address):
            raise NotAllowed("The address does not belong to the public Internet.")
        if _port(target) not in DEFAULT_PORTS.values():
            raise NotAllowed("Only the ports 80 and 443 are called.")
    return addresses


def _resolved(host: str, deadline: float) -> list[str]:
    try:
        return resolved(host, deadline)
    except TimeoutError as error:
        raise NoExchange("The name was not resolved in time.") from error
    except (OSError, UnicodeError) as error:
        raise NoExchange("The name does not exist.") from error


def _parsed(url: str) -> URL:
    try:
        return parse(url)
    except ValueError as error:
        raise NotAllowed(str(error)) from error


def _host(target: URL) -> str:
    return target.hostname.strip("[]")


def _port(target: URL) -> int:
    return int(target.port or DEFAULT_PORTS[target.protocol])


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return TOO_LATE
    if isinstance(error, ssl.SSLError):
        return "No secure connection could be made."
    if isinstance(error, OSError):
        return "No connection could be made."
    return "The answer was not HTTP."


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
