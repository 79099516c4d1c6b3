"""Transactions of those who read and of those who write, on both databases."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from forum.accounts.models import Member
from forum.core import postgresql
from forum.core.db import db, writing
from forum.core.outbox import Event, RecordedEvent, record
from tests.community import Community

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_nobody_writes_who_has_not_ended_reading(app: Flask) -> None:
    with app.app_context():
        db.session.execute(select(Member.id))
        with pytest.raises(RuntimeError), writing():
            pass


def test_what_is_written_and_rolled_back_is_gone(app: Flask) -> None:
    with app.app_context():
        with writing():
            record(db.session(), Event())
            db.session.rollback()
        assert db.session.execute(select(func.count()).select_from(RecordedEvent)).scalar() == 0


def test_nobody_listens_to_the_engine(make_community: Callable[..., Community]) -> None:
    community = make_community()
    with community.app.app_context():
        community.passer_by.ok("GET", "/posts")
        assert not getattr(db.engine, "_has_events", False)


@on_postgresql
def test_connections_that_were_lost_while_idle_are_replaced(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        with db.engine.connect() as lost, db.engine.connect() as other:
            process = lost.execute(text("SELECT pg_backend_pid()")).scalar()
            other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        monkeypatch.setattr(postgresql, "monotonic", lambda: time.monotonic() + 10)
        for _ in range(2):
            with db.engine.connect() as connection:
                assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_savepoint_undoes_what_was_executed_in_it(app: Flask) -> None:
    with app.app_context(), writing():
        record(db.session(), Event())
        savepoint = db.session.begin_nested()
        record(db.session(), Event())
        savepoint.rollback()
        assert db.session.execute(select(func.count()).select_from(RecordedEvent)).scalar() == 1
