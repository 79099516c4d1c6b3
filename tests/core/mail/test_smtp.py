"""Handing mail over to real servers: in TLS, with a password, and to those that fail."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server, socket
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from forum.core.mail import smtp
from forum.core.mail.errors import NotNow, Undeliverable
from forum.core.mail.messages import Message
from forum.core.mail.smtp import Server, SmtpTransport
from tests.mail_servers import HANG_UP, Mailbox
from tests.servers import free_port

NOTE = Message("<mails/1@a>", "forum@example.com", "lena@example.com", b"Subject: A\r\n\r\nB\r\n")
Certificate = tuple[Path, Path]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """The files of a certificate for 127.0.0.1, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = built.add_extension(names, critical=False).sign(key, SHA256())
    directory = tmp_path_factory.mktemp("certificate")
    files = directory / "certificate.pem", directory / "key.pem"
    files[0].write_bytes(signed.public_bytes(Encoding.PEM))
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files[1].write_bytes(key.private_bytes(*form))
    return files


@pytest.fixture
def of_server(certificate: Certificate) -> ssl.SSLContext:
    """What a server with the certificate speaks TLS by."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@contextmanager
def serving(**options: Any) -> Iterator[tuple[int, Mailbox]]:
    """The port of a server and what it takes."""
    box, port = Mailbox(), free_port()
    controller = Controller(box, "127.0.0.1", port, **options)
    controller.start()
    try:
        yield port, box
    finally:
        controller.stop()


@contextmanager
def transport(
    port: int,
    *,
    tls: bool = False,
    user: str = "",
    is_near: Callable[[str], bool] = smtp.is_this_machine,
    patience: float = 5,
    within: float = smtp.WITHIN_SECONDS,
) -> Iterator[SmtpTransport]:
    server = Server("127.0.0.1", port, tls, user, "open sesame" if user else "")
    opened = SmtpTransport(
        server, "forum.example.com", is_near=is_near, patience=patience, within=within
    )
    try:
        yield opened
    finally:
        opened.close()


def far_away(_peer: str) -> bool:
    return False


def only_robin(_server: Any, _session: Any, _envelope: Any, _method: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    known = (given.login, given.password) == (b"robin", b"open sesame")
    return AuthResult(success=known, handled=False, auth_data=given)


def test_a_server_of_this_machine_needs_no_tls() -> None:
    with serving() as (port, box), transport(port) as out:
        out.send(NOTE)
        assert (box.only().encrypted, box.only().content) == (False, NOTE.content)


def test_a_server_far_away_gets_nothing_in_the_clear() -> None:
    with serving() as (port, box), transport(port, is_near=far_away) as out:
        with pytest.raises(NotNow, match="STARTTLS"):
            out.send(NOTE)
        assert box.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_connection_goes_on_in_tls(of_server: ssl.SSLContext) -> None:
    with serving(tls_context=of_server) as (port, box), transport(port, is_near=far_away) as out:
        out.send(NOTE)
        assert box.only().encrypted


def test_a_server_far_away_with_a_certificate_of_its_own_gets_nothing(
    of_server: ssl.SSLContext,
) -> None:
    with serving(tls_context=of_server) as (port, box), transport(port, is_near=far_away) as out:
        with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
            out.send(NOTE)
        assert box.mails == []


def test_a_server_of_this_machine_may_have_a_certificate_of_its_own(
    of_server: ssl.SSLContext,
) -> None:
    with serving(tls_context=of_server) as (port, box), transport(port) as out:
        out.send(NOTE)
        assert box.only().encrypted


@pytest.mark.usefixtures("trusted")
def test_a_connection_begins_in_tls(of_server: ssl.SSLContext) -> None:
    with serving(ssl_context=of_server) as (port, box), transport(port, tls=True) as out:
        out.send(NOTE)
        assert len(box.mails) == 1


def test_a_connection_that_begins_in_tls_needs_a_good_certificate(
    of_server: ssl.SSLContext,
) -> None:
    with (
        serving(ssl_context=of_server) as (port, _),
        transport(port, tls=True) as out,
        pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        out.send(NOTE)


def test_the_server_is_told_who_sends(of_server: ssl.SSLContext) -> None:
    with (
        serving(tls_context=of_server, authenticator=only_robin) as (port, box),
        transport(port, user="robin") as out,
    ):
        out.send(NOTE)
        assert box.only().user == "robin"


def test_mail_waits_while_the_password_is_wrong(of_server: ssl.SSLContext) -> None:
    with (
        serving(tls_context=of_server, authenticator=only_robin) as (port, _),
        transport(port, user="wren") as out,
        pytest.raises(NotNow, match="535"),
    ):
        out.send(NOTE)


def test_a_connection_is_used_again() -> None:
    with serving() as (port, box), transport(port) as out:
        for _ in range(3):
            out.send(NOTE)
        assert (len(box.mails), box.connections) == (3, 1)


def test_a_connection_that_was_lost_is_opened_again() -> None:
    with serving() as (port, box), transport(port) as out:
        out.send(NOTE)
        smtp_kept = out._idle.queue[0][1]
        smtp_kept.close()
        out.send(NOTE)
        assert (len(box.mails), box.connections) == (2, 2)


@pytest.mark.parametrize(
    ("answer", "bounced"),
    [
        ("550 5.1.1 No such user", True),
        ("553 Nobody", True),
        ("554 5.7.1 Relay access denied", False),
    ],
)
def test_a_refused_recipient_is_a_bounce_unless_it_is_policy(answer: str, bounced: bool) -> None:
    with serving() as (port, box), transport(port) as out:
        box.answers_to_recipient = [answer]
        with pytest.raises(Undeliverable) as refused:
            out.send(NOTE)
        assert (str(refused.value), refused.value.bounced) == (answer, bounced)


def test_refused_content_is_no_bounce() -> None:
    with serving() as (port, box), transport(port) as out:
        box.answers_to_content = ["554 Looks like spam"]
        with pytest.raises(Undeliverable) as refused:
            out.send(NOTE)
        assert not refused.value.bounced


def test_a_refusal_for_now_does_not_keep_others_waiting() -> None:
    with serving() as (port, box), transport(port) as out:
        box.answers_to_recipient = ["451 4.7.1 Greylisted"]
        with pytest.raises(NotNow, match="Greylisted"):
            out.send(NOTE)
        out.send(NOTE)
        assert len(box.mails) == 1


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that says nothing."""
    with create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_server_that_says_nothing_is_left_after_a_while_and_then_alone(silent: int) -> None:
    with transport(silent, patience=0.1) as out:
        with pytest.raises(NotNow, match="timed out"):
            out.send(NOTE)
        with pytest.raises(NotNow, match="failed a moment ago"):
            out.send(NOTE)


@pytest.fixture
def dripping() -> Iterator[int]:
    """The port of a server that goes on greeting for as long as somebody listens."""
    with create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_drip, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
    thread.join()


def _drip(listener: socket) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError):
        connection.settimeout(0.01)
        is_over = False
        while not is_over:
            connection.sendall(b"220-One moment\r\n")
            with suppress(TimeoutError):
                is_over = not connection.recv(1)


def test_a_server_that_never_comes_to_an_end_is_left(dripping: int) -> None:
    with transport(dripping, within=0.2) as out, pytest.raises(NotNow, match="too long"):
        out.send(NOTE)


def test_a_connection_is_good_for_longer_than_one_message_may_take() -> None:
    with serving() as (port, box), transport(port, within=0.2) as out:
        is_over_at = time.monotonic() + 0.3
        while time.monotonic() < is_over_at:
            out.send(NOTE)
        assert box.connections == 1


def test_a_server_that_is_away_is_tried_later() -> None:
    with transport(free_port()) as out, pytest.raises(NotNow, match="refused"):
        out.send(NOTE)


def test_a_server_that_hangs_up_is_tried_later() -> None:
    with serving() as (port, box), transport(port) as out:
        box.answers_to_content = [HANG_UP]
        with pytest.raises(NotNow, match="SMTPServerDisconnected"):
            out.send(NOTE)


def test_other_letters_than_ascii_reach_a_server_that_takes_them() -> None:
    lena = Message(NOTE.id, NOTE.sender, "léna@example.com", NOTE.content)
    with serving() as (port, box), transport(port) as out:
        out.send(lena)
        assert box.only().recipient == "léna@example.com"


def test_other_letters_than_ascii_are_undeliverable_by_a_server_that_does_not() -> None:
    lena = Message(NOTE.id, NOTE.sender, "léna@example.com", NOTE.content)
    with (
        serving(enable_SMTPUTF8=False) as (port, _),
        transport(port) as out,
        pytest.raises(Undeliverable, match="ASCII"),
    ):
        out.send(lena)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, False)),
        ("smtps://mail.example.com", Server("mail.example.com", 465, True)),
        ("smtp://[::1]:25", Server("::1", 25, False)),
        (
            "smtp://me%40example.com:p%2Fw@mail.example.com:25",
            Server("mail.example.com", 25, False, "me@example.com", "p/w"),
        ),
    ],
)
def test_an_address_names_a_server(url: str, server: Server) -> None:
    assert Server.at(url) == server


@pytest.mark.parametrize(
    ("peer", "near"), [("127.0.0.1", True), ("::1", True), ("10.0.0.7", False)]
)
def test_only_this_machine_is_near(peer: str, near: bool) -> None:
    assert smtp.is_this_machine(peer) is near
