"""Requests to addresses that strangers chose: where they may go, and how long they may take."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from forum.core import outbound
from forum.core.outbound import Answer, NoExchange, NotAllowed
from tests.certificates import certificate_for
from tests.receiver import LOOPBACK, Receiver, hanging, receiving


def post(url: str, *allowed: str, **headers: str) -> Answer:
    return outbound.post(url, b"{}", headers, allowed=allowed)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting ten seconds would prove no more."""
    monkeypatch.setattr(outbound, "WITHIN_SECONDS", 0.3)


def test_a_request_arrives_as_it_was_sent(receiver: Receiver) -> None:
    outbound.post(f"{receiver.url}?a=b", b"{}", {"X-Own": "1"}, allowed=[LOOPBACK])
    (call,) = receiver.calls
    assert (call.path, call.body, call.headers["x-own"]) == ("/hook?a=b", b"{}", "1")


def test_an_answer_is_given_as_it_came(receiver: Receiver) -> None:
    receiver.status, receiver.headers, receiver.body = 503, {"Retry-After": "7"}, b"busy"
    answer = post(receiver.url, LOOPBACK)
    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "7", b"busy")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "①②⑦.⓪.⓪.①",
        "0.0.0.0",  # noqa: S104 - nothing listens there
    ],
)
def test_this_machine_is_not_called_however_it_is_written(host: str, receiver: Receiver) -> None:
    with pytest.raises(NoExchange):
        post(f"http://{host}:{receiver.port}/")
    assert receiver.calls == []


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/", "file:///etc/passwd", "gopher://a/", "//a/", "http://a:b@example.com/"],
)
def test_what_is_no_plain_http_address_is_not_called(url: str) -> None:
    with pytest.raises(NotAllowed):
        post(url)


def test_of_public_addresses_only_the_usual_ports_are_called() -> None:
    with pytest.raises(NotAllowed, match="ports"):
        post("http://1.1.1.1:22/")


def test_a_name_that_leads_also_to_a_private_address_is_not_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    resolve_to(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(NotAllowed):
        post("http://two.example/")


def test_the_address_that_was_checked_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    asked = resolve_to(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    assert post(f"http://rebinding.example:{receiver.port}/", LOOPBACK).status == 204
    assert asked == ["rebinding.example"]


def test_the_host_is_named_as_in_the_address(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    resolve_to(monkeypatch, ["127.0.0.1"])
    post(f"http://hooks.example:{receiver.port}/", LOOPBACK, Host="other.example")
    assert receiver.calls[0].headers["host"] == f"hooks.example:{receiver.port}"


def test_an_address_that_does_not_accept_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    resolve_to(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    assert post(f"http://hooks.example:{receiver.port}/", LOOPBACK).status == 204


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    assert post(receiver.url, LOOPBACK).status == 302
    assert len(receiver.calls) == 1


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert post(receiver.url, LOOPBACK).status == 204


def test_a_long_answer_is_cut(receiver: Receiver) -> None:
    receiver.status, receiver.body = 200, b"x" * 1_000_000
    assert len(post(receiver.url, LOOPBACK).body) == outbound.MOST_BYTES


@pytest.mark.usefixtures("impatient")
def test_who_does_not_answer_is_waited_for_no_longer() -> None:
    with hanging() as receiver, pytest.raises(NoExchange, match="within"):
        post(receiver.url, LOOPBACK)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_who_answers_byte_by_byte_is_waited_for_no_longer(beginning: bytes) -> None:
    with dribbling(beginning) as port, pytest.raises(NoExchange, match="within"):
        post(f"http://127.0.0.1:{port}/", LOOPBACK)


@pytest.mark.usefixtures("impatient")
def test_a_name_that_is_resolved_too_slowly_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait() and [])
    with pytest.raises(NoExchange, match="in time"):
        post("http://slow.example/")
    released.set()


@pytest.mark.parametrize("said", [b"", b"SSH-2.0\r\n\r\n", b"\x00" * 100])
def test_what_is_no_http_is_told(said: bytes) -> None:
    with saying(said) as port, pytest.raises(NoExchange):
        post(f"http://127.0.0.1:{port}/", LOOPBACK)


def test_a_certificate_of_the_name_is_accepted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with secure(monkeypatch, tmp_path, "hooks.example") as receiver:
        assert post(f"https://hooks.example:{receiver.port}/", LOOPBACK).status == 204


def test_a_certificate_of_another_name_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with secure(monkeypatch, tmp_path, "other.example") as receiver:
        with pytest.raises(NoExchange, match="secure"):
            post(f"https://hooks.example:{receiver.port}/", LOOPBACK)
        assert receiver.calls == []


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names lead to these addresses, each time to the next ones; gives what was asked for."""
    asked: list[str] = []

    def look_up(name: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(name)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in found]

    real = socket.getaddrinfo

    def unless_address(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        is_name = host.endswith(".example")
        return look_up(host) if is_name else real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", unless_address)
    return asked


@contextmanager
def secure(monkeypatch: pytest.MonkeyPatch, directory: Path, name: str) -> Iterator[Receiver]:
    """A receiver with a certificate for a name, which is trusted."""
    certificate = certificate_for(name, directory)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    outbound._tls.cache_clear()
    resolve_to(monkeypatch, ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with receiving(context) as receiver:
        yield receiver
    outbound._tls.cache_clear()


@contextmanager
def saying(said: bytes) -> Iterator[int]:
    """The port of somebody who says this to whoever connects, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(said)

        thread = Thread(target=speak)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@contextmanager
def dribbling(beginning: bytes) -> Iterator[int]:
    """The port of somebody who says this and then one byte after the other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.sendall(beginning)
                peer.settimeout(0.01)
                while True:
                    try:
                        peer.sendall(b"x")
                        if not peer.recv(65536):
                            return
                    except TimeoutError:
                        continue
                    except OSError:
                        return

        thread = Thread(target=speak)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
