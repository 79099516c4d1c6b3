"""A real SMTP server in the process of the tests, to which every application under test sends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port

OK = "250 OK"
HANG_UP = "No answer at all"


@dataclass(frozen=True)
class Received:
    """One mail as it came over the wire."""

    sender: str
    recipient: str
    content: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        """The mail as the standard library reads it."""
        return message_from_bytes(self.content, policy=default)

    def part(self, kind: str) -> str:
        """The words of its `plain` or `html` part."""
        found = self.message.get_body((kind,))
        assert isinstance(found, EmailMessage)
        return str(found.get_content())


@dataclass
class Mailbox:
    """All that a server has taken; what it answers next can be put down before."""

    mails: list[Received] = field(default_factory=list)
    answers_to_recipient: list[str] = field(default_factory=list)
    answers_to_content: list[str] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        answer = self.answers_to_recipient.pop(0) if self.answers_to_recipient else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers_to_content.pop(0) if self.answers_to_content else OK
        if answer == HANG_UP and server.transport:
            server.transport.close()
        if answer == OK:
            self.mails.append(_received(session, envelope))
        return answer

    def empty(self) -> None:
        """Begin anew."""
        for waiting in (self.mails, self.answers_to_recipient, self.answers_to_content):
            waiting.clear()
        self.connections = 0

    def only(self) -> Received:
        """The only mail there is."""
        (found,) = self.mails
        return found


def _received(session: Session, envelope: Envelope) -> Received:
    return Received(
        sender=envelope.mail_from or "",
        recipient=envelope.rcpt_tos[0],
        content=cast(bytes, envelope.original_content),
        encrypted=session.ssl is not None,
        user=_user(session.auth_data),
    )


def _user(signed_in: Any) -> str | None:
    return signed_in.login.decode() if signed_in else None


@cache
def everybodys() -> tuple[str, Mailbox]:
    """The address of this process's server, and what it has taken."""
    box, port = Mailbox(), free_port()
    Controller(box, "127.0.0.1", port).start()
    return f"smtp://127.0.0.1:{port}", box


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """What applications under test have sent since the test began."""
    _, box = everybodys()
    box.empty()
    yield box
    box.empty()
