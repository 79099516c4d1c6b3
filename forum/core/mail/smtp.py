"""Mail by SMTP (RFC 5321), over TLS, on few connections that are used again.

The server's certificate is checked and nothing is sent in the clear, unless the server is on this
machine. One message takes no longer than it may, however slowly the server answers. A server that
fails is left alone for a while: otherwise all mail that waits would wait once more for its silence.
"""

import logging
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from queue import Empty, LifoQueue
from urllib.parse import unquote, urlsplit

from forum.core.mail.dialogue import Dialogue
from forum.core.mail.errors import NotNow, Undeliverable
from forum.core.mail.messages import Message

PATIENCE_SECONDS = 10
"""For every step of the dialogue."""
WITHIN_SECONDS = 25
"""For all steps that hand over one message, connecting included."""

REST_SECONDS = 15
IDLE_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}
TOO_LATE = "The server took too long for one message."


@dataclass(frozen=True)
class Server:
    """Where to hand mail over; `greets_in_tls` or else upgrades by STARTTLS (RFC 8314, 3207)."""

    host: str
    port: int
    greets_in_tls: bool
    user: str = ""
    password: str = ""

    @classmethod
    def at(cls, url: str) -> "Server":
        """The server of an address like `smtp://user:password@host:587`."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            greets_in_tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def is_this_machine(peer: str) -> bool:
    """Whether nobody can listen on the way to an IP address."""
    return ip_address(peer).is_loopback


class SmtpTransport:
    """Hands messages over to one server; may be used by several threads."""

    def __init__(
        self,
        server: Server,
        own_name: str,
        *,
        is_near: Callable[[str], bool] = is_this_machine,
        patience: float = PATIENCE_SECONDS,
        within: float = WITHIN_SECONDS,
    ) -> None:
        self._server = server
        self._own_name = own_name
        self._is_near = is_near
        self._patience = patience
        self._within = within
        self._idle: LifoQueue[tuple[float, Dialogue]] = LifoQueue()
        self._rests_until = 0.0

    def __str__(self) -> str:
        return f"through {self._server.host}"

    def send(self, message: Message) -> None:
        """Hand over one message; raises `Undeliverable` or `NotNow`."""
        if time.monotonic() < self._rests_until:
            raise NotNow("The server failed a moment ago.")
        with self._connection() as smtp:
            options = _options(smtp, message.recipient)
            smtp.sendmail(message.sender, [message.recipient], message.content, options)

    def close(self) -> None:
        """Take leave of the server."""
        while smtp := self._kept(self._deadline()):
            with suppress(OSError):
                smtp.quit()

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A connection, which is kept for the next message unless something goes wrong."""
        deadline = self._deadline()
        with self._told_in_our_words(deadline):
            smtp = self._kept(deadline) or self._connect(deadline)
            try:
                yield smtp
            except BaseException:
                smtp.close()
                raise
            smtp.rest()
            self._idle.put((time.monotonic(), smtp))

    @contextmanager
    def _told_in_our_words(self, deadline: float) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            ((code, answer),) = error.recipients.values()
            raise _refusal(code, answer, of_mailbox=True) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error, of_mailbox=False) from error
        except (OSError, ValueError) as error:  # of connections, TLS, sign-in and the sender
            self._rests_until = time.monotonic() + REST_SECONDS
            is_late = time.monotonic() >= deadline
            reason = TOO_LATE if is_late else f"{type(error).__name__}: {error}"
            _log.warning("no mail can be sent: %s", reason)
            raise NotNow(reason) from error

    def _deadline(self) -> float:
        return time.monotonic() + self._within

    def _kept(self, deadline: float) -> Dialogue | None:
        """A connection that is still good, if one was kept."""
        with suppress(Empty):
            while True:
                since, smtp = self._idle.get_nowait()
                if time.monotonic() < since + IDLE_SECONDS and _answers(smtp, deadline):
                    return smtp
                smtp.close()
        return None

    def _connect(self, deadline: float) -> Dialogue:
        smtp = self._open(deadline)
        try:
            smtp.ehlo()
            if not self._server.greets_in_tls:
                self._protect(smtp)
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _open(self, deadline: float) -> Dialogue:
        return Dialogue(
            self._server.host,
            self._server.port,
            self._own_name,
            patience=self._patience,
            deadline=deadline,
            tls=ssl.create_default_context() if self._server.greets_in_tls else None,
        )

    def _protect(self, smtp: smtplib.SMTP) -> None:
        if not self._is_near(_peer(smtp)):
            smtp.starttls(context=ssl.create_default_context())
        elif smtp.has_extn("starttls"):
            smtp.starttls(context=_unchecked())


def _peer(smtp: smtplib.SMTP) -> str:
    if smtp.sock is None:
        raise smtplib.SMTPServerDisconnected("The connection is gone.")
    return str(smtp.sock.getpeername()[0])


def _unchecked() -> ssl.SSLContext:
    """For servers of this machine, whose certificates are mostly made by themselves."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _answers(smtp: Dialogue, deadline: float) -> bool:
    smtp.begin(deadline)
    with suppress(OSError):
        return bool(smtp.noop()[0] == 250)
    return False


def _options(smtp: smtplib.SMTP, recipient: str) -> list[str]:
    """What RFC 6531 asks for, where the address is not ASCII."""
    if recipient.isascii():
        return []
    if not smtp.has_extn("smtputf8"):
        raise Undeliverable("The server takes no addresses with other letters than ASCII's.")
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _refusal(code: int, answer: bytes | str, of_mailbox: bool) -> Undeliverable | NotNow:
    """What an answer means; 5.7.x is no word about the mailbox (RFC 3463)."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if code < 500:
        return NotNow(f"{code} {text}")
    return Undeliverable(f"{code} {text}", bounced=of_mailbox and not text.startswith("5.7."))


_log = logging.getLogger(__name__)
