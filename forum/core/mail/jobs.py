"""Sending the mail that is due, and what becomes of it.

What a server accepts and cannot confirm any more, because it or the worker ends or it takes too
long, is sent again with the same `Message-ID`: better twice than never.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import db, execute, one_at_a_time, reading_first, table_of, writing
from forum.core.mail import outgoing
from forum.core.mail.errors import NotNow, Undeliverable
from forum.core.mail.mailer import current_mailer
from forum.core.mail.messages import compose
from forum.core.mail.models import BouncingAddress, OutgoingMail
from forum.core.many import insert_missing
from forum.core.work import LEASE, does_together

CONNECTIONS = 4
TOGETHER = 10
HANDED_OVER_WITHIN_SECONDS = 20
"""What is not begun by then is left for later: before the lease is over, the last one ends, too."""

SHORTEST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=2)
DAY = timedelta(days=1)
BOUNCES = 5
"""In a row; an address with as many gets only what is urgent."""

Mail = Row[Any]
"""A row of `outgoing_mails`."""
Outcome = Callable[[Session, Mail], None]


@does_together(OutgoingMail, most=TOGETHER, at_once=CONNECTIONS)
def send(mail_ids: Sequence[int]) -> None:
    """Hand mails over, of those to an address no more than it may get."""
    with writing():
        admitted = [mail for mail in _mails(db.session(), mail_ids) if _admit(db.session(), mail)]
        db.session.commit()
    stop_at = time.monotonic() + HANDED_OVER_WITHIN_SECONDS
    attempts = [
        (mail, _attempt(mail) if time.monotonic() < stop_at else _note_delay) for mail in admitted
    ]
    with writing():
        for mail, note in attempts:
            note(db.session(), mail)
        db.session.commit()


def _mails(session: Session, mail_ids: Sequence[int]) -> Sequence[Mail]:
    """In the order of addresses, in which these are locked."""
    found = select(_MAILS).where(_MAILS.c.id.in_(mail_ids))
    return execute(session, found.order_by(_MAILS.c.address_hash, _MAILS.c.id)).all()


def _admit(session: Session, mail: Mail) -> bool:
    """Whether it is sent now: leased anew, and counted against what the address may get."""
    one_at_a_time(session, f"mail to {mail.address_hash}")
    if clock.now() - mail.queued_at > GIVEN_UP_AFTER:
        _close(session, mail)
        return False
    if not mail.urgent and _is_suspended(session, mail.address_hash):
        _close(session, mail)
        return False
    if not mail.urgent and (next_place := _next_place(session, mail)):
        _change(session, mail, due_at=next_place)
        return False
    now = clock.now()
    _change(session, mail, tried_at=now, attempts=mail.attempts + 1, due_at=now + LEASE)
    return True


def _attempt(mail: Mail) -> Outcome:
    """Write it and send it, unless there is nothing to say; tells what is to be noted then."""
    mailer = current_mailer()
    try:
        with reading_first():
            letter = outgoing.write(db.session(), mail.letter, mail.data)
        if letter is None:
            return _note_silence
        name = f"mails/{mail.id}"
        mailer.transport.send(compose(letter, mailer.sender, mail.address, name, mail.queued_at))
    except Undeliverable as refusal:
        _log.warning("mail %s given up: %s", mail.id, _without(mail.address, str(refusal)))
        return _note_bounce if refusal.bounced else _close
    except NotNow:
        return _note_delay
    except Exception:  # noqa: BLE001 - whatever it is, the others are sent
        _log.exception("mail %s cannot be written", mail.id)
        return _note_delay
    return _note_success


def _without(address: str, text: str) -> str:
    return text.replace(address, "(address)")


def _note_silence(session: Session, mail: Mail) -> None:
    _close(session, mail)
    _change(session, mail, tried_at=None)


def _note_bounce(session: Session, mail: Mail) -> None:
    _close(session, mail)
    first = {"address_hash": mail.address_hash, "bounces": 0}
    execute(session, insert_missing(session, BouncingAddress).values(first))
    count = update(_BOUNCING).where(_BOUNCING.c.address_hash == mail.address_hash)
    execute(session, count.values(bounces=_BOUNCING.c.bounces + 1))


def _note_delay(session: Session, mail: Mail) -> None:
    """It waits for as long again as it has waited already."""
    waited = clock.now() - mail.queued_at
    pause = min(max(waited, SHORTEST_PAUSE), LONGEST_PAUSE)
    _change(session, mail, due_at=clock.now() + pause)


def _note_success(session: Session, mail: Mail) -> None:
    _close(session, mail, sent_at=clock.now())
    execute(session, delete(_BOUNCING).where(_BOUNCING.c.address_hash == mail.address_hash))


def _close(session: Session, mail: Mail, sent_at: datetime | None = None) -> None:
    _change(session, mail, due_at=None, address=None, data={}, sent_at=sent_at)


def _change(session: Session, mail: Mail, **values: object) -> None:
    execute(session, update(_MAILS).where(_MAILS.c.id == mail.id).values(values))


def _is_suspended(session: Session, address_hash: str) -> bool:
    bounces = select(_BOUNCING.c.bounces).where(_BOUNCING.c.address_hash == address_hash)
    return (session.scalar(bounces) or 0) >= BOUNCES


def _next_place(session: Session, mail: Mail) -> datetime | None:
    """When the address may get another mail; None if it may now."""
    others = (_MAILS.c.address_hash == mail.address_hash, _MAILS.c.id != mail.id)
    tried = select(_MAILS.c.tried_at).where(*others, _MAILS.c.tried_at > clock.now() - DAY)
    newest_first = tried.order_by(_MAILS.c.tried_at.desc())
    blocking = session.scalar(newest_first.offset(current_mailer().most_a_day - 1).limit(1))
    return blocking + DAY if blocking else None


_MAILS = table_of(OutgoingMail)
_BOUNCING = table_of(BouncingAddress)
_log = logging.getLogger(__name__)
