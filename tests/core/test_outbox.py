"""Who reacts to an event is told of it: of what was committed, until everybody has succeeded."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.core import outbox
from forum.core.db import db, writing
from forum.core.outbox import Event, Happened, RecordedEvent, on, record
from tests.clocks import LetPass
from tests.worker import work_off


@dataclass(frozen=True)
class BellRang(Event):
    tower: int


@dataclass(frozen=True)
class DoorOpened(Event):
    """Nobody reacts to it."""


FAILING_TOWER = 13
told: dict[str, list[Happened]] = defaultdict(list)
repaired: list[int] = []


@on(BellRang)
def open_the_door(session: Session, happened: Happened) -> None:
    told["before"].append(happened)
    record(session, DoorOpened())
    if happened.event == BellRang(FAILING_TOWER) and not repaired:
        raise RuntimeError("The door is stuck.")


@on(BellRang)
def listen(session: Session, happened: Happened) -> None:
    told["after"].append(happened)
    record(session, DoorOpened())


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    yield
    told.clear()
    repaired.clear()


def happen(app: Flask, *events: Event, commits: bool = True) -> None:
    with app.app_context(), writing():
        for event in events:
            record(db.session(), event)
        if commits:
            db.session.commit()


def opened(session: Session) -> int | None:
    return session.scalar(select(func.count()).where(RecordedEvent.name == "DoorOpened"))


def test_everybody_is_told_of_what_happened(app: Flask) -> None:
    happen(app, BellRang(1))
    work_off(app)
    assert [each.event for each in told["before"] + told["after"]] == [BellRang(1)] * 2


def test_an_event_is_told_with_its_id_and_time(app: Flask, session: Session) -> None:
    happen(app, BellRang(1))
    row = session.scalars(select(RecordedEvent)).one()
    work_off(app)
    assert told["after"] == [Happened(row.id, row.happened_at, BellRang(1))]


def test_what_takes_long_keeps_no_transaction_open_for_the_events_after_it(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(app, BellRang(1), BellRang(2))
    monkeypatch.setattr(outbox, "monotonic", count().__next__)
    with app.app_context():
        outbox.tell(session.scalars(select(RecordedEvent.id)).all())
    assert [each.event for each in told["after"]] == [BellRang(1)]


def test_events_after_one_that_takes_long_are_told_later(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(app, BellRang(1), BellRang(2))
    monkeypatch.setattr(outbox, "monotonic", count().__next__)
    work_off(app)
    assert [each.event for each in told["after"]] == [BellRang(1), BellRang(2)]


def test_events_that_wait_are_counted(app: Flask) -> None:
    happen(app, BellRang(1))
    assert "\nevents_waiting 1.0\n" in app.test_client().get("/metrics").text


def test_events_that_were_told_wait_no_more(app: Flask) -> None:
    happen(app, BellRang(1))
    work_off(app)
    assert "\nevents_waiting 0.0\n" in app.test_client().get("/metrics").text


def test_nobody_is_told_of_what_was_rolled_back(app: Flask) -> None:
    happen(app, BellRang(1), commits=False)
    work_off(app)
    assert told == {}


def test_nobody_is_told_twice(app: Flask, let_pass: LetPass) -> None:
    happen(app, BellRang(1))
    work_off(app)
    let_pass(days=1)
    work_off(app)
    assert len(told["after"]) == 1


def test_more_events_than_are_told_together_are_told_in_their_order(app: Flask) -> None:
    happen(app, *map(BellRang, range(100, 200)))
    work_off(app)
    assert [each.event for each in told["after"]] == [*map(BellRang, range(100, 200))]


def test_an_event_that_nobody_reacts_to_is_never_due(app: Flask, session: Session) -> None:
    happen(app, DoorOpened())
    assert session.scalar(select(RecordedEvent.due_at)) is None


def test_where_one_fails_what_the_others_did_stays(app: Flask, session: Session) -> None:
    happen(app, BellRang(FAILING_TOWER), BellRang(1))
    work_off(app)
    assert len(told["after"]) == 2
    assert opened(session) == 3


def test_where_one_fails_all_are_told_again(app: Flask, let_pass: LetPass) -> None:
    happen(app, BellRang(FAILING_TOWER))
    work_off(app)
    repaired.append(FAILING_TOWER)
    let_pass(seconds=6)
    work_off(app)
    let_pass(days=1)
    work_off(app)
    assert len(told["before"]) == len(told["after"]) == 2


def test_what_fails_again_is_told_ever_more_seldom(app: Flask, let_pass: LetPass) -> None:
    happen(app, BellRang(FAILING_TOWER))
    for _ in range(100):
        work_off(app)
        let_pass(minutes=10)
    assert 15 < len(told["before"]) < 30
