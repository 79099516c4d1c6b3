"""Claims of what is due: by nobody else while the lease lasts, and again after it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import db, reading_first, writing
from forum.core.outbox import Event, Happened, RecordedEvent, on, record
from forum.core.work import LEASE, Claim, carry_out, claim, waiting_kinds
from tests.clocks import LetPass


@dataclass(frozen=True)
class LampLit(Event):
    pass


seen: list[int] = []


@on(LampLit)
def see(session: Session, happened: Happened) -> None:
    seen.append(happened.id)


@pytest.fixture(autouse=True)
def _dark() -> None:
    seen.clear()


@pytest.fixture
def lit(session: Session) -> int:
    """The id of an event that is due."""
    with writing():
        record(session, LampLit())
        session.commit()
    return session.scalars(select(RecordedEvent.id)).one()


def claims(session: Session, calls: int = 1) -> list[Claim]:
    with reading_first():
        kinds = waiting_kinds(session)
    with writing():
        taken = [each for kind in kinds for each in claim(session, kind, calls)]
        session.commit()
    return taken


def test_what_is_due_is_claimed(session: Session, lit: int) -> None:
    assert [each.ids for each in claims(session)] == [(lit,)]


def test_what_is_claimed_is_claimed_by_nobody_else(session: Session, lit: int) -> None:
    claims(session)
    assert claims(session) == []


def test_what_was_lost_on_its_way_is_claimed_again(
    session: Session, lit: int, let_pass: LetPass
) -> None:
    claims(session)
    let_pass(seconds=LEASE.total_seconds() + 1)
    assert [each.ids for each in claims(session)] == [(lit,)]


def test_work_that_came_twice_is_done_once(session: Session, lit: int) -> None:
    (mine,) = claims(session)
    carry_out(mine)
    carry_out(mine)
    assert seen == [lit]


def test_work_that_came_late_is_left_to_the_next_claim(
    session: Session, lit: int, let_pass: LetPass
) -> None:
    (mine,) = claims(session)
    let_pass(seconds=LEASE.total_seconds() - 1)
    carry_out(mine)
    assert seen == []


def test_work_that_somebody_else_has_claimed_meanwhile_is_theirs(
    session: Session, lit: int
) -> None:
    (mine,) = claims(session)
    with writing():
        session.execute(update(RecordedEvent).values(due_at=clock.now() + 2 * LEASE))
        session.commit()
    carry_out(mine)
    assert seen == []


def test_those_who_claim_at_the_same_time_share_what_is_due(app: Flask) -> None:
    with app.app_context(), writing():
        for _ in range(50):
            record(db.session(), LampLit())
        db.session.commit()
    with ThreadPoolExecutor(4) as threads:
        shares = list(threads.map(claimed_ids, [app] * 8))
    assert sorted(chain(*shares)) == [*range(1, 51)]


def claimed_ids(app: Flask) -> list[int]:
    with app.app_context():
        return [row_id for each in claims(db.session()) for row_id in each.ids]
