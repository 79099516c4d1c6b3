"""Mail that is queued reaches a server once, or waits, or is given up."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import db, writing
from forum.core.mail import outgoing
from forum.core.mail.jobs import BOUNCES, HANDED_OVER_WITHIN_SECONDS
from forum.core.mail.letters import Letter
from forum.core.mail.models import OutgoingMail
from forum.core.mail.smtp import WITHIN_SECONDS
from forum.core.work import LEASE, LEAST_LEFT, carry_out
from forum.worker.jobs import forget_expired
from tests.apps import SeparateClient
from tests.clocks import LetPass
from tests.community import PASSWORD, Community
from tests.core.mail.notes import LENA, queue_note
from tests.core.test_work import claims
from tests.mail_servers import Mailbox
from tests.servers import free_port
from tests.worker import work_off

NOBODY = "550 5.1.1 No such user"
LATER = "451 4.7.1 Come back later"
NOT_YOU = "554 5.7.1 Not from you"


def mails(session: Session) -> list[OutgoingMail]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_what_is_queued_is_sent(app: Flask, session: Session, mailbox: Mailbox) -> None:
    queue_note(session, "one")
    work_off(app)
    assert mailbox.only().recipient == LENA
    assert "Hello." in mailbox.only().part("plain")


def test_what_waits_is_a_figure(client: SeparateClient, session: Session, mailbox: Mailbox) -> None:
    queue_note(session, "one")
    assert "\nmails_waiting 1.0\n" in client.get("/metrics").text
    work_off(client.application)
    assert "\nmails_waiting 0.0\n" in client.get("/metrics").text


leases: list[timedelta] = []


@outgoing.writes("test-leased-note")
def write_leased_note(session: Session, _data: dict[str, Any]) -> Letter | None:
    """Notes for how long the mail is leased when it is written, and says nothing."""
    due_at = session.scalars(select(OutgoingMail.due_at)).one()
    assert due_at is not None
    leases.append(due_at - clock.now())
    return None


def test_mail_is_leased_for_longer_than_it_takes_however_late_that_begins(
    session: Session, let_pass: LetPass
) -> None:
    leases.clear()
    with writing():
        outgoing.queue(session, "test-leased-note", LENA, "one", {})
        session.commit()
    (claimed,) = claims(session)
    let_pass(seconds=(LEASE - LEAST_LEFT).total_seconds() - 1)
    carry_out(claimed)
    assert leases[0] > timedelta(seconds=HANDED_OVER_WITHIN_SECONDS + WITHIN_SECONDS)


def test_what_is_rolled_back_is_not_sent(app: Flask, session: Session, mailbox: Mailbox) -> None:
    with writing():
        outgoing.queue(session, "test-note", LENA, "one", {"text": "Hello."})
        session.rollback()
    work_off(app)
    assert mailbox.mails == []


def test_what_is_queued_twice_by_one_key_is_sent_once(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    queue_note(session, "one")
    work_off(app)
    queue_note(session, "one")
    work_off(app)
    assert len(mailbox.mails) == 1


def test_a_letter_with_nothing_to_say_is_not_sent(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    queue_note(session, "one", text="")
    work_off(app)
    assert mailbox.mails == []
    assert mails(session)[0].due_at is None


@pytest.mark.parametrize("answer", ["250 OK", NOBODY])
def test_no_address_is_kept_of_mail_that_is_done_with(
    app: Flask, session: Session, mailbox: Mailbox, answer: str
) -> None:
    mailbox.answers_to_recipient = [answer]
    queue_note(session, "one")
    work_off(app)
    (mail,) = mails(session)
    assert (mail.address, mail.data) == (None, {})


@pytest.mark.parametrize("place", ["answers_to_recipient", "answers_to_content"])
def test_what_the_server_takes_later_is_sent_later(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass, place: str
) -> None:
    setattr(mailbox, place, [LATER])
    queue_note(session, "one")
    work_off(app)
    assert mailbox.mails == []
    let_pass(minutes=1)
    work_off(app)
    assert len(mailbox.mails) == 1


def test_a_letter_that_cannot_be_written_keeps_no_other_waiting(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass
) -> None:
    with writing():
        outgoing.queue(session, "test-note", LENA, "broken", {})
        session.commit()
    queue_note(session, "one")
    work_off(app)
    assert len(mailbox.mails) == 1
    let_pass(days=3)
    work_off(app)
    assert [mail.due_at for mail in mails(session)] == [None, None]


def test_every_attempt_is_of_the_same_message(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass
) -> None:
    queue_note(session, "one")
    work_off(app)
    with writing():  # as if the worker had ended before it could note the success
        mail = session.get_one(OutgoingMail, mails(session)[0].id)
        mail.due_at, mail.address, mail.data = mail.queued_at, LENA, {"text": "Hello."}
        session.commit()
    let_pass(minutes=5)
    work_off(app)
    first, second = (received.message for received in mailbox.mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_what_the_server_never_takes_is_given_up_after_two_days(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass
) -> None:
    mailbox.answers_to_recipient = [LATER] * 100
    queue_note(session, "one")
    attempts = 0
    while mails(session)[0].due_at:
        work_off(app)
        attempts += 1
        let_pass(hours=4)
    assert 10 < attempts < 15


@pytest.mark.parametrize("place", ["answers_to_recipient", "answers_to_content"])
def test_what_the_server_refuses_is_given_up(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass, place: str
) -> None:
    setattr(mailbox, place, [NOBODY])
    queue_note(session, "one")
    work_off(app)
    let_pass(hours=5)
    work_off(app)
    assert mailbox.mails == []


def bounce(app: Flask, session: Session, mailbox: Mailbox, times: int, answer: str) -> None:
    for time in range(times):
        mailbox.answers_to_recipient = [answer]
        queue_note(session, f"bounce {time} {answer}")
        work_off(app)


@pytest.mark.parametrize(
    ("times", "answer", "sent"),
    [
        (BOUNCES, NOBODY, 0),
        (BOUNCES - 1, NOBODY, 1),
        (BOUNCES, NOT_YOU, 1),
    ],
)
def test_an_address_that_bounces_five_times_gets_no_more(
    app: Flask, session: Session, mailbox: Mailbox, times: int, answer: str, sent: int
) -> None:
    bounce(app, session, mailbox, times, answer)
    queue_note(session, "after")
    work_off(app)
    assert len(mailbox.mails) == sent


def test_a_success_takes_back_earlier_bounces(
    app: Flask, session: Session, mailbox: Mailbox
) -> None:
    bounce(app, session, mailbox, BOUNCES, NOBODY)
    queue_note(session, "password", urgent=True)
    work_off(app)
    queue_note(session, "after")
    work_off(app)
    assert len(mailbox.mails) == 2


@pytest.fixture
def stingy(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application that sends two mails a day to one address."""
    app = make_app(FORUM_MAILS_A_DAY="2")
    with app.app_context():
        yield app


def test_an_address_gets_so_many_mails_a_day_and_the_others_later(
    stingy: Flask, mailbox: Mailbox, let_pass: LetPass
) -> None:
    for number in range(3):
        queue_note(db.session(), f"{number}")
    work_off(stingy)
    assert len(mailbox.mails) == 2
    let_pass(hours=25)
    work_off(stingy)
    assert len(mailbox.mails) == 3


def test_how_many_an_address_gets_does_not_depend_on_how_it_is_written(
    stingy: Flask, mailbox: Mailbox
) -> None:
    for number, address in enumerate(["lena@example.com", "Lena@example.com", "LENA@EXAMPLE.COM"]):
        queue_note(db.session(), f"{number}", to=address)
    work_off(stingy)
    assert len(mailbox.mails) == 2


def test_other_addresses_get_theirs(stingy: Flask, mailbox: Mailbox) -> None:
    for number in range(3):
        queue_note(db.session(), f"{number}", to=f"reader-{number}@example.com")
    work_off(stingy)
    assert len(mailbox.mails) == 3


def test_what_is_urgent_is_sent_however_many_there_were(stingy: Flask, mailbox: Mailbox) -> None:
    for number in range(3):
        queue_note(db.session(), f"{number}", urgent=True)
    work_off(stingy)
    assert len(mailbox.mails) == 3


def test_mail_waits_for_a_server_that_is_away(
    make_app: Callable[..., Flask], mailbox: Mailbox, let_pass: LetPass
) -> None:
    away = make_app(FORUM_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    with away.app_context():
        queue_note(db.session(), "one")
        work_off(away)
        assert mails(db.session())[0].address == LENA
    let_pass(minutes=1)
    work_off(make_app())
    assert len(mailbox.mails) == 1


def test_erasure_destroys_the_address_and_the_mail_to_it(
    app: Flask, community: Community, session: Session, mailbox: Mailbox
) -> None:
    member = community.member("lena", password=PASSWORD)
    queue_note(session, "one", to="Lena@example.org")
    member.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    work_off(app)
    assert (mailbox.mails, mails(session)) == ([], [])


@pytest.mark.parametrize(("days", "kept"), [(29, 1), (31, 0)])
def test_what_was_sent_is_forgotten_after_a_month(
    app: Flask, session: Session, mailbox: Mailbox, let_pass: LetPass, days: int, kept: int
) -> None:
    queue_note(session, "one")
    work_off(app)
    let_pass(days=days)
    forget_expired()
    assert len(mails(session)) == kept
