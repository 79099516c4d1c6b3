"""Mail that is to be sent: queued with what it tells of, and written when it is sent.

A letter is written from fresh rows at every attempt, so it tells nothing that was hidden meanwhile,
and neither its words nor the secrets in its links are ever stored.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.mail.letters import Letter
from forum.core.mail.mailer import current_mailer
from forum.core.mail.models import BouncingAddress, OutgoingMail
from forum.core.many import insert_missing

KEPT_FOR = timedelta(days=30)
"""For as long, what is queued again by the same key is not sent again."""

Writer = Callable[[Session, dict[str, Any]], Letter | None]

_writers: dict[str, Writer] = {}


def writes(name: str) -> Callable[[Writer], Writer]:
    """Let a function write the letters called `name`, from the data they were queued with.

    It only reads, and honours what is visible when it is called. None: there is nothing to say.
    """

    def register(writer: Writer) -> Writer:
        _writers[name] = writer
        return writer

    return register


def queue(
    session: Session,
    letter: str,
    to: str,
    key: str,
    data: Mapping[str, Any],
    urgent: bool = False,
) -> None:
    """Send a letter soon to an address, once for every `key` (128 characters) however often asked.

    `data` is plain values, best ids. An urgent one, which its reader waits for, is held back
    neither by how many an address gets in a day nor by bounces.
    """
    now = clock.now()
    row = {
        "key": key,
        "letter": letter,
        "data": dict(data),
        "address": to,
        "address_hash": current_mailer().hash_of(to),
        "urgent": urgent,
        "queued_at": now,
        "due_at": now,
        "attempts": 0,
    }
    execute(session, insert_missing(session, OutgoingMail).values(row))


def write(session: Session, letter: str, data: dict[str, Any]) -> Letter | None:
    """The letter as it reads now."""
    return _writers[letter](session, data)


def waiting(session: Session) -> int:
    """How many mails are neither sent nor given up."""
    waits = table_of(OutgoingMail).c.due_at.is_not(None)
    return session.scalar(select(func.count()).where(waits)) or 0


def queued_today(session: Session, letter: str, address: str) -> int:
    """How often a letter was queued for an address within a day."""
    columns = table_of(OutgoingMail).c
    same = (columns.address_hash == current_mailer().hash_of(address), columns.letter == letter)
    recent = columns.queued_at > clock.now() - timedelta(days=1)
    return session.scalar(select(func.count()).where(*same, recent)) or 0


def forget_address(session: Session, address: str) -> None:
    """Destroy an address and all mail to it, sent or not."""
    hashed = current_mailer().hash_of(address)
    for table in (OutgoingMail, BouncingAddress):
        columns = table_of(table).c
        execute(session, delete(table_of(table)).where(columns.address_hash == hashed))


def forget_old(session: Session) -> None:
    """Remove what was sent or given up so long ago that nobody asks for it again."""
    columns = table_of(OutgoingMail).c
    is_old = columns.queued_at < clock.now() - KEPT_FOR
    execute(session, delete(table_of(OutgoingMail)).where(is_old, columns.due_at.is_(None)))
