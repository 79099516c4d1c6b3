"""Telling many, set by set."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import writing
from forum.notifications.models import Notification, Subscriber, Subscription
from tests.community import Community, Json
from tests.statements import recorded
from tests.worker import work_off

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = 1_000


def plant_followers(session: Session, thread: Json, number: int, mail: str = "never") -> None:
    """So many members with confirmed addresses who follow a thread."""
    ids = range(FIRST, FIRST + number)
    target = f"thread:{thread['id']}"
    member = {"role": "member", "created_at": LONG_AGO, "email_confirmed_at": LONG_AGO}
    chosen = {"target": target, "level": "all", "mail": mail, "created_at": LONG_AGO}
    with writing():
        session.execute(
            insert(Member), [{**member, "id": n, "email": f"m{n}@example.org"} for n in ids]
        )
        session.execute(insert(Subscriber), [{"id": n, "member_id": n} for n in ids])
        session.execute(insert(Subscription), [{**chosen, "subscriber_id": n} for n in ids])
        session.commit()


def told(session: Session) -> int | None:
    followers = select(Subscription.subscriber_id)
    return session.scalar(select(func.count()).where(Notification.subscriber_id.in_(followers)))


@pytest.mark.parametrize("number", [3, 300])
def test_telling_takes_as_many_statements_however_many_follow(
    app: Flask, community: Community, session: Session, number: int
) -> None:
    thread = community.thread(community.member(confirmed=False))
    work_off(app)
    plant_followers(session, thread, number)
    community.reply(thread=thread)
    with recorded(app) as sent:
        work_off(app)
    assert told(session) == number
    assert len([s for s in sent if "notifications" in s.sql]) == 2


def test_followers_who_are_mailed_every_day_are_looked_at_in_the_morning(
    app: Flask, community: Community, session: Session
) -> None:
    thread = community.thread()
    work_off(app)
    plant_followers(session, thread, 20, mail="daily")
    community.reply(thread=thread)
    work_off(app)
    followers = select(Subscription.subscriber_id)
    of_many = select(Subscriber.due_at).where(Subscriber.id.in_(followers)).distinct()
    (due_at,) = session.scalars(of_many).all()
    assert due_at is not None
    assert (due_at.hour, due_at.minute) == (7, 0)
