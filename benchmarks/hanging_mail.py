"""What requests notice of a mail server that hangs: `python -m benchmarks.hanging_mail`.

Replies are written at a steady rate, first while the mail server answers and then while it takes
connections and says nothing. In the end it answers again, and all mail has to reach it.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import click
from aiosmtpd.controller import Controller
from sqlalchemy import ColumnElement, Connection, NullPool, create_engine, func, select

from benchmarks.databases import Amount, Sqlite, disk, only_run, settings_for
from benchmarks.facts import find_facts
from benchmarks.http import HOST, Request, fetch
from benchmarks.servers import Program, free_port, python, running
from benchmarks.work import new_replies
from forum.core.db import table_of
from forum.core.mail.models import OutgoingMail
from forum.features import METADATA

AMOUNT = Amount(posts=20, replies=20_000)
CLIENTS = 32
SERVE = python("-m", "flask", "--app", "wsgi", "serve", "--port", "{port}")
FOLDER = disk()
_MAILS = table_of(OutgoingMail)


class MailServer:
    """Answers, or hangs, always at the same port; counts what it takes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken = 0

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.taken += 1
        return "250 OK"

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Meanwhile it takes mail."""
        controller = Controller(self, HOST, self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Meanwhile it takes connections and says nothing."""
        with socket.create_server((HOST, self.port), backlog=1_000):
            yield


@dataclass(frozen=True)
class Outcome:
    """Milliseconds of answers while mail was taken and while it was not, and what became of it."""

    answering: Sequence[float]
    hanging: Sequence[float]
    waited: int
    seconds_to_send: float
    sent: int
    lost: int


@click.command()
@click.option("--seconds", type=click.IntRange(5), default=600, show_default=True)
@click.option("--rate", type=click.IntRange(1), default=50, show_default=True, help="Per second.")
def main(seconds: int, rate: int) -> None:
    """Write replies while the mail server hangs, and see that all mail is sent afterwards."""
    with only_run(FOLDER), Sqlite(FOLDER).copy(AMOUNT) as url, TemporaryDirectory() as own:
        mail = MailServer(free_port())
        settings = {**settings_for(url), **_mail_settings(mail.port)}
        facts = find_facts(settings)
        program = Program(SERVE, settings, Request("GET", "/healthz"))
        with running(program, Path(own) / "log") as server, _connected(url) as connection:
            replies = cycle(new_replies(facts, server.fetch))
            write = partial(_at_a_steady_rate, server.port, replies, rate, seconds)
            outcome = _measure(mail, write, connection, patience=2 * seconds + 60)
    _tell("the mail server answers", outcome.answering)
    _tell("the mail server hangs", outcome.hanging)
    click.echo(f"{outcome.waited} mails waited, and were sent in {outcome.seconds_to_send:.0f} s.")
    click.echo(f"{outcome.sent} mails were sent, {mail.taken} taken, {outcome.lost} lost.")
    if outcome.lost or not outcome.sent or mail.taken < outcome.sent:
        raise click.ClickException("Not all mail was sent.")


def _measure(
    mail: MailServer, write: Callable[[], list[float]], connection: Connection, patience: float
) -> Outcome:
    with mail.answering():
        answering = write()
        _wait_until(lambda: not _waiting(connection), patience)
    with mail.hanging():
        hanging = write()
        waited = _count(connection, _MAILS.c.due_at.is_not(None))
    back_at = time.monotonic()
    with mail.answering():
        _wait_until(lambda: not _waiting(connection), patience)
    took = time.monotonic() - back_at
    sent = _count(connection, _MAILS.c.sent_at.is_not(None))
    lost = _count(connection, _MAILS.c.sent_at.is_(None))
    return Outcome(answering, hanging, waited, took, sent, lost)


def _mail_settings(port: int) -> Mapping[str, str]:
    return {
        "FORUM_SMTP_URL": f"smtp://{HOST}:{port}",
        "FORUM_MAILS_A_DAY": "10000",
        "FORUM_LOG_LEVEL": "WARNING",
    }


def _at_a_steady_rate(
    port: int, requests: Iterator[Request], rate: int, seconds: int
) -> list[float]:
    """Milliseconds until each answer, from the moment at which the request was to be sent."""
    begin = time.perf_counter()

    def send(number: int, request: Request) -> float:
        planned = begin + number / rate
        time.sleep(max(0.0, planned - time.perf_counter()))
        if fetch(port, request).status != 201:
            raise click.ClickException("A reply was refused.")
        return (time.perf_counter() - planned) * 1e3

    sent = list(islice(requests, rate * seconds))
    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(send, range(len(sent)), sent))


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(which)) or 0


def _waiting(connection: Connection) -> int:
    """How many rows of all kinds stand for work that is not done."""
    tables = [table for table in METADATA.sorted_tables if "due_at" in table.c]
    return sum(_count(connection, table.c.due_at.is_not(None)) for table in tables)


def _wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            raise click.ClickException("Mail still waits.")
        time.sleep(0.5)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def _tell(when: str, milliseconds: Sequence[float]) -> None:
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    click.echo(
        f"{when:24} p50 {cuts[49]:6.1f} ms   p95 {cuts[94]:6.1f} ms   p99 {cuts[98]:6.1f} ms"
    )


if __name__ == "__main__":
    main()
