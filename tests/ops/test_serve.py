"""The production server: says where to look, bears slow senders, and stops cleanly."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import settings_for
from tests.servers import free_port

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


@dataclass
class Server:
    """A running server, alone in its process group."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    temporary: Path

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body of an answer, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Connection": "close", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def begin_post(self) -> socket.socket:
        """A connection over which half a body has been sent, to a server that waits for the rest.

        It says so by `100 Continue`; before that, the request may not have reached it.
        """
        sender = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        sender.sendall(
            b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        assert sender.recv(4096).startswith(b"HTTP/1.1 100 ")
        sender.sendall(b"{")
        return sender

    def is_listening(self) -> bool:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False

    def wait_until_ready(self) -> None:
        for _ in range(SECONDS_TO_START * 20):
            if self.is_listening():
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.05)
                raise AssertionError(self.log.read_text())
        raise AssertionError("The server did not start.")


@dataclass
class Stopped:
    """A server that has ended, and what it answered to the request it was just receiving."""

    server: Server
    answer: bytes


@contextmanager
def serving(
    database_url: str, directory: Path, workers: int = 2, *options: str, **settings: str
) -> Iterator[Server]:
    temporary = directory / "temporary"
    temporary.mkdir()
    port = free_port()
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            [*SERVE, "--port", str(port), "--workers", str(workers), *options],
            cwd=ROOT,
            env=environment(database_url, TMPDIR=str(temporary), **settings),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(process, port, directory / "log", temporary)
    try:
        server.wait_until_ready()
        yield server
    finally:
        process.kill()
        process.wait()


def copied(template: Path, directory: Path) -> str:
    """The address of a database of the server's own."""
    return f"sqlite:///{shutil.copyfile(template, directory / 'forum.db')}"


def environment(database_url: str, **more: str) -> dict[str, str]:
    """The surroundings of the server: nothing of this machine's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FORUM_", "FLASK_"))}
    settings = {key: str(value) for key, value in settings_for(database_url).items()}
    quiet = {"FLASK_SKIP_DOTENV": "1", "FORUM_LOG_LEVEL": "INFO"}
    return {**kept, **settings, **quiet, **more}


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that stays; not to be stopped by a test."""
    directory = tmp_path_factory.mktemp("server")
    with serving(copied(sqlite_template, directory), directory) as running:
        yield running


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose database does not answer, and one of whose settings is misspelt."""
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    directory = tmp_path_factory.mktemp("cut-off")
    with serving(nowhere, directory, workers=1, FORUM_SITENAME="Mine") as running:
        yield running


@pytest.fixture(scope="module")
def stopped(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stopped]:
    """A server that was told to stop while a request was arriving."""
    directory = tmp_path_factory.mktemp("stopped")
    with serving(copied(sqlite_template, directory), directory, workers=1) as server:
        server.get("/readyz")
        with server.begin_post() as sender:
            server.process.terminate()
            sender.sendall(b"}")
            answer = sender.recv(4096)
        server.process.wait(SECONDS_TO_STOP)
        yield Stopped(server, answer)


def test_the_server_is_alive(server: Server) -> None:
    assert server.get("/healthz")[0] == 200


def test_the_server_says_where_to_look(server: Server) -> None:
    said = server.log.read_text()
    assert f"http://127.0.0.1:{server.port}/docs" in said
    assert f"http://127.0.0.1:{server.port}/feeds/replies.atom" in said


def test_every_request_is_a_line_of_json_with_its_id(server: Server) -> None:
    server.get("/healthz", {"X-Request-ID": "one-of-its-own"})
    (line,) = (line for line in server.log.read_text().splitlines() if "one-of-its-own" in line)
    assert json.loads(line)["route"] == "/healthz"


def test_the_figures_are_those_of_all_workers(server: Server) -> None:
    for _ in range(20):
        server.get("/problems/not-found")
    counted = 'http_requests_total{method="GET",route="/problems/<code>",status="200"} 20.0'
    assert counted in server.get("/metrics")[1]


def test_slow_senders_keep_nobody_waiting(server: Server) -> None:
    with ExitStack() as senders:
        for _ in range(40):
            senders.enter_context(server.begin_post())
        assert server.get("/readyz")[0] == 200


def test_a_body_of_unknown_length_is_refused_beyond_the_limit(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    body = (b" " * 65_536 for _ in range(5))
    headers = {"Content-Type": "application/json", "Connection": "close"}
    connection.request("POST", "/api/v1/auth/login", body, headers, encode_chunked=True)
    assert connection.getresponse().status == 413


def test_endless_headers_are_refused(server: Server) -> None:
    status, _ = server.get("/healthz", {"X-Long": "x" * 200_000})
    assert status == 431


def test_a_second_server_does_not_share_the_port(server: Server, tmp_path: Path) -> None:
    second = subprocess.run(
        [*SERVE, "--port", str(server.port)],
        cwd=ROOT,
        env=environment(f"sqlite:///{tmp_path}/other.db"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    refusal = f"Error: Cannot listen on 127.0.0.1:{server.port}: Address already in use.\n"
    assert second.stderr == refusal


def test_sigterm_ends_the_server_without_an_error(stopped: Stopped) -> None:
    assert stopped.server.process.returncode == 0


def test_a_stopped_server_frees_its_port(stopped: Stopped) -> None:
    assert not stopped.server.is_listening()


def test_a_stopped_server_leaves_no_file_behind(stopped: Stopped) -> None:
    assert list(stopped.server.temporary.iterdir()) == []


def test_a_stopped_server_leaves_its_database_in_one_file(stopped: Stopped) -> None:
    assert [file.name for file in stopped.server.log.parent.glob("forum.db*")] == ["forum.db"]


def test_a_server_without_background_work_leaves_its_database_in_one_file(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with serving(copied(sqlite_template, tmp_path), tmp_path, 2, "--no-worker") as server:
        server.get("/api/v1/posts")
        server.process.terminate()
        server.process.wait(SECONDS_TO_STOP)
    assert [file.name for file in tmp_path.glob("forum.db*")] == ["forum.db"]


def test_a_request_that_has_begun_is_answered_before_the_end(stopped: Stopped) -> None:
    assert b"x-request-id: " in stopped.answer.lower()


def test_ctrl_c_ends_the_server_and_its_workers(sqlite_template: Path, tmp_path: Path) -> None:
    with serving(copied(sqlite_template, tmp_path), tmp_path, workers=1) as server:
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(SECONDS_TO_STOP) == 0
        assert not server.is_listening()


def test_without_its_database_the_server_answers_503(cut_off: Server) -> None:
    assert cut_off.get("/api/v1/posts")[0] == 503


def test_without_its_database_the_server_says_so(cut_off: Server) -> None:
    assert cut_off.log.read_text().count("The database does not answer: ") == 1


def test_a_misspelt_setting_is_told(cut_off: Server) -> None:
    assert "did you mean FORUM_SITE_NAME?" in cut_off.log.read_text()
