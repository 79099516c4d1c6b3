"""Mailing subscribers what they have been told, when they want it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.core import clock, many
from forum.core.db import db, execute, table_of, writing
from forum.core.mail import outgoing
from forum.core.pages import Record
from forum.core.work import does_together
from forum.notifications import mailable
from forum.notifications.letters import DIGEST, NEWS
from forum.notifications.models import DAILY, NEVER, NOW, Notification, Subscriber
from forum.notifications.schedule import is_digest_due, last_digest, next_mail

MAILED_TOGETHER = 16
"""Subscribers who share a transaction; nothing in it waits for anybody but the database."""

LATER = "later"


@does_together(Subscriber, most=MAILED_TOGETHER)
def mail_news(subscriber_ids: Sequence[int]) -> None:
    """Queue the mails that are due, and note when there will be more."""
    with writing():
        session = db.session()
        subscribers = mailable.lock_subscribers(session, subscriber_ids)
        pending = mailable.pending(session, subscriber_ids)
        for subscriber in subscribers:
            _mail(session, subscriber, [p for p in pending if p.subscriber_id == subscriber.id])
        session.commit()


def _mail(session: Session, subscriber: Record, pending: Sequence[Record]) -> None:
    now = clock.now()
    sorted_out = defaultdict(list)
    for news in pending:
        sorted_out[_when(news, subscriber, now)].append(news)
    for news in sorted_out[NOW]:
        _queue(session, subscriber, NEWS, str(news.id), [news])
    if digest := sorted_out[DIGEST]:
        key = f"{subscriber.id}:{last_digest(DAILY, now).date()}"
        _queue(session, subscriber, DIGEST, key, digest)
    _settle(session, [news.id for fate in (NOW, DIGEST, NEVER) for news in sorted_out[fate]])
    next_at = min((next_mail(news.mail, now) for news in sorted_out[LATER]), default=None)
    _put_off(session, subscriber, next_at, now if digest else subscriber.digested_at)


def _when(news: Record, subscriber: Record, now: datetime) -> str:
    """Whether it is mailed now, alone or in a digest, or later, or never."""
    if subscriber.address is None or news.mail in {NOW, NEVER}:
        return NEVER if subscriber.address is None else str(news.mail)
    due = is_digest_due(news.mail, news.created_at, subscriber.digested_at, now)
    return DIGEST if due else LATER


def _queue(
    session: Session, subscriber: Record, letter: str, key: str, news: Sequence[Record]
) -> None:
    data = {"subscriber": subscriber.id, "notifications": [each.id for each in news]}
    outgoing.queue(session, letter, subscriber.address, f"{letter}:{key}", data)


def _settle(session: Session, notification_ids: Sequence[int]) -> None:
    """Nothing is left to be mailed of these."""
    settled = update(Notification).where(many.among(session, Notification.id, notification_ids))
    session.execute(settled.values(mail=None).execution_options(synchronize_session=False))


def _put_off(
    session: Session, subscriber: Record, until: datetime | None, digested_at: datetime | None
) -> None:
    of_subscriber = update(_SUBSCRIBERS).where(_SUBSCRIBERS.c.id == subscriber.id)
    execute(session, of_subscriber.values(due_at=until, digested_at=digested_at))


_SUBSCRIBERS = table_of(Subscriber)
