"""Sending the mail that is due, and what becomes of it.

What a server accepts and cannot confirm any more, because it or the worker ends, is sent again with
the same `Message-ID`: better twice than never.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import db, execute, one_at_a_time, reading_first, table_of, writing
from forum.core.mail import outgoing
from forum.core.mail.errors import NotNow, Undeliverable
from forum.core.mail.letters import Letter
from forum.core.mail.mailer import current_mailer
from forum.core.mail.messages import compose
from forum.core.mail.models import BouncingAddress, OutgoingMail
from forum.core.many import insert_missing
from forum.core.work import does

CONNECTIONS = 4
SHORTEST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(days=2)
DAY = timedelta(days=1)
BOUNCES = 5
"""In a row; an address with as many gets only what is urgent."""


@does(OutgoingMail, at_once=CONNECTIONS)
def send(mail_id: int) -> None:
    """Write a mail and hand it over, unless there is nothing to say or nobody to say it to."""
    with reading_first():
        mail = db.session.get(OutgoingMail, mail_id)
        letter = outgoing.write(db.session(), mail) if mail else None
    if mail is None:
        return
    with writing():
        admitted = _admit(db.session(), mail, letter)
        db.session.commit()
    if admitted and letter:
        _hand_over(mail, letter)


def _admit(session: Session, mail: OutgoingMail, letter: Letter | None) -> bool:
    """Whether it is sent now; what is sent now counts against what the address may get."""
    one_at_a_time(session, f"mail to {mail.address_hash}")
    if letter is None or clock.now() - mail.queued_at > GIVEN_UP_AFTER:
        _close(session, mail)
        return False
    if not mail.urgent and _is_suspended(session, mail.address_hash):
        _close(session, mail)
        return False
    if not mail.urgent and (next_place := _next_place(session, mail)):
        _change(session, mail, due_at=next_place)
        return False
    _change(session, mail, tried_at=clock.now(), attempts=mail.attempts + 1)
    return True


def _hand_over(mail: OutgoingMail, letter: Letter) -> None:
    mailer, address = current_mailer(), mail.address or ""
    try:
        message = compose(letter, mailer.sender, address, f"mails/{mail.id}", mail.queued_at)
        mailer.transport.send(message)
    except Undeliverable as refusal:
        _log.warning("mail %s given up: %s", mail.id, str(refusal).replace(address, "(address)"))
        _note_refusal(mail, refusal.bounced)
    except NotNow:
        _note_delay(mail)
    else:
        _note_success(mail)


def _note_refusal(mail: OutgoingMail, bounced: bool) -> None:
    with writing():
        _close(db.session(), mail)
        if bounced:
            _count_bounce(db.session(), mail.address_hash)
        db.session.commit()


def _note_delay(mail: OutgoingMail) -> None:
    """It waits for as long again as it has waited already."""
    now = clock.now()
    pause = min(max(now - mail.queued_at, SHORTEST_PAUSE), LONGEST_PAUSE)
    with writing():
        _change(db.session(), mail, due_at=now + pause)
        db.session.commit()


def _note_success(mail: OutgoingMail) -> None:
    with writing():
        _close(db.session(), mail, sent_at=clock.now())
        of_address = _BOUNCING.c.address_hash == mail.address_hash
        execute(db.session(), delete(_BOUNCING).where(of_address))
        db.session.commit()


def _close(session: Session, mail: OutgoingMail, sent_at: datetime | None = None) -> None:
    _change(session, mail, due_at=None, address=None, data={}, sent_at=sent_at)


def _change(session: Session, mail: OutgoingMail, **values: object) -> None:
    execute(session, update(_MAILS).where(_MAILS.c.id == mail.id).values(values))


def _is_suspended(session: Session, address_hash: str) -> bool:
    bounces = select(_BOUNCING.c.bounces).where(_BOUNCING.c.address_hash == address_hash)
    return (session.scalar(bounces) or 0) >= BOUNCES


def _next_place(session: Session, mail: OutgoingMail) -> datetime | None:
    """When the address may get another mail; None if it may now."""
    others = (_MAILS.c.address_hash == mail.address_hash, _MAILS.c.id != mail.id)
    tried = select(_MAILS.c.tried_at).where(*others, _MAILS.c.tried_at > clock.now() - DAY)
    newest_first = tried.order_by(_MAILS.c.tried_at.desc())
    blocking = session.scalar(newest_first.offset(current_mailer().most_a_day - 1).limit(1))
    return blocking + DAY if blocking else None


def _count_bounce(session: Session, address_hash: str) -> None:
    first = {"address_hash": address_hash, "bounces": 0}
    execute(session, insert_missing(session, BouncingAddress).values(first))
    count = update(_BOUNCING).where(_BOUNCING.c.address_hash == address_hash)
    execute(session, count.values(bounces=_BOUNCING.c.bounces + 1))


_MAILS = table_of(OutgoingMail)
_BOUNCING = table_of(BouncingAddress)
_log = logging.getLogger(__name__)
