"""What the application knows of mail: who sends it, how, and how much of it."""

import hashlib
import re
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app

from forum.core.mail.files import FileTransport
from forum.core.mail.forms import Site
from forum.core.mail.messages import Message, Sender
from forum.core.mail.smtp import Server, SmtpTransport

DIRECTORY = "mail"


class Transport(Protocol):
    """A way to send messages, for several threads; as text it says where they go."""

    def send(self, message: Message) -> None:
        """Send one message; raises `Undeliverable` or `NotNow`."""

    def close(self) -> None:
        """Give back what is held open for the next message."""


@dataclass(frozen=True)
class Mailer:
    """Sends mail as the settings say; `most_a_day` to one address."""

    sender: Sender
    transport: Transport
    most_a_day: int
    secret: str

    def hash_of(self, address: str) -> str:
        """What is kept of an address that is not to be kept; however its letters are written."""
        key = hashlib.blake2b(self.secret.encode(), person=b"mail").digest()
        return hashlib.blake2b(address.lower().encode(), key=key, digest_size=16).hexdigest()


def init_app(
    app: Flask, site: Site, mail_from: str, smtp_url: str, most_a_day: int, secret: str
) -> None:
    """Give the application its mailer; without a server it writes files into its directory."""
    host = _host(site.url)
    name, address = parseaddr(mail_from)
    sender = Sender(address or f"noreply@{host}", name or site.name, host, site)
    directory = Path(app.instance_path) / DIRECTORY
    transport = SmtpTransport(Server.at(smtp_url), host) if smtp_url else FileTransport(directory)
    app.extensions["mail"] = Mailer(sender, transport, most_a_day, secret)


def current_mailer() -> Mailer:
    """The mailer of the current application."""
    mailer: Mailer = current_app.extensions["mail"]
    return mailer


def _host(url: str) -> str:
    """The host of an address by name, as it stands in ids and addresses."""
    host = urlsplit(url).hostname or ""
    return host if re.fullmatch("[a-z0-9.-]*[a-z][a-z0-9.-]*", host) else "localhost"
