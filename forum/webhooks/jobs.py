"""Calls webhooks: each by one thread at a time, so that one that hangs keeps no other waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.db import db, execute, reading_first, table_of, writing
from forum.core.outbound import Answer, NoExchange, post
from forum.core.pages import Record
from forum.core.work import does
from forum.webhooks import queries, signing
from forum.webhooks.commands import disable
from forum.webhooks.events import WebhookDisabled
from forum.webhooks.messages import payload
from forum.webhooks.models import DELIVERED, FAILED, WAITING, WITHHELD, Delivery, Webhook
from forum.webhooks.retries import GIVE_UP_AFTER, next_attempt

CALLED_AT_ONCE = 128
SENT_TOGETHER = 10
"""Messages to one webhook whose outcomes are written in one transaction."""
BEGIN_WITHIN_SECONDS = 15.0
GONE = 410


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: an answer, the reason why there is none, or neither if withheld."""

    delivery: Record
    at: datetime
    answer: Answer | None = None
    problem: str | None = None

    @property
    def was_sent(self) -> bool:
        return self.answer is not None or self.problem is not None

    @property
    def was_taken(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300


@does(Webhook, at_once=CALLED_AT_ONCE)
def call(webhook_id: int) -> None:
    """Send a webhook what it is to be sent by now, one message after the other."""
    with reading_first():
        webhook = queries.enabled(db.session(), webhook_id)
        former = queries.former_secrets(db.session(), webhook_id, clock.now())
        waiting = queries.waiting(db.session(), webhook_id, clock.now(), SENT_TOGETHER)
    if webhook is not None:
        _end(webhook_id, _sent(webhook.url, [webhook.secret, *former], waiting))


def _sent(url: str, secrets: Sequence[str], waiting: Sequence[Record]) -> list[Outcome]:
    """Stops where nobody answers: the others would wait as long."""
    stop_at = monotonic() + BEGIN_WITHIN_SECONDS
    outcomes: list[Outcome] = []
    for delivery in waiting:
        outcomes.append(_send(url, secrets, delivery))
        if outcomes[-1].problem or monotonic() > stop_at:
            break
    return outcomes


def _send(url: str, secrets: Sequence[str], delivery: Record) -> Outcome:
    now = clock.now()
    with reading_first():
        settings = settings_of(db.session())
        if not queries.may_be_told(db.session(), delivery):
            return Outcome(delivery, now)
    body = payload(delivery.type, delivery.happened_at, delivery.data, settings.base_url)
    headers = signing.headers(delivery.message_id, now, body, secrets)
    try:
        answer = post(url, body, headers, allowed=settings.outbound_allowed)
    except NoExchange as reason:
        return Outcome(delivery, now, problem=str(reason))
    return Outcome(delivery, now, answer)


def _end(webhook_id: int, outcomes: Sequence[Outcome]) -> None:
    """Write what came of it, and when the webhook is to be called next."""
    with writing():
        session = db.session()
        locked = select(Webhook).where(Webhook.id == webhook_id)
        webhook = session.scalars(
            locked.with_for_update(key_share=True).execution_options(populate_existing=True)
        ).one_or_none()
        if webhook is not None:
            for outcome in outcomes:
                _note(session, outcome)
                _judge(session, webhook, outcome)
            session.flush()
            _go_on(session, webhook)
        session.commit()


def _note(session: Session, outcome: Outcome) -> None:
    table = table_of(Delivery)
    noted = update(table).where(table.c.id == outcome.delivery.id)
    execute(session, noted.values(**_result(outcome)))


def _result(outcome: Outcome) -> dict[str, Any]:
    """The columns of a delivery after an attempt."""
    attempts = outcome.delivery.attempts + outcome.was_sent
    status = outcome.answer.status if outcome.answer else None
    noted = {"attempts": attempts, "attempted_at": outcome.at, "status": status}
    noted |= {"problem": outcome.problem, "next_at": None}
    if not outcome.was_sent:
        return {**noted, "state": WITHHELD}
    if outcome.was_taken:
        return {**noted, "state": DELIVERED}
    headers = outcome.answer.headers if outcome.answer else None
    again = next_attempt(clock.now(), attempts, headers)
    return {**noted, "next_at": again, "state": WAITING if again else FAILED}


def _judge(session: Session, webhook: Webhook, outcome: Outcome) -> None:
    """Disable a webhook that is gone, or has taken nothing for days."""
    if outcome.was_taken:
        webhook.failing_since, webhook.attempts = None, 0
    elif outcome.was_sent:
        webhook.failing_since = webhook.failing_since or outcome.at
        webhook.attempts += 1
        if outcome.answer and outcome.answer.status == GONE:
            _give_up(session, webhook, "gone")
        elif outcome.at - webhook.failing_since >= GIVE_UP_AFTER:
            _give_up(session, webhook, "failing")


def _give_up(session: Session, webhook: Webhook, reason: str) -> None:
    if webhook.disabled_at is None:
        disable(webhook, reason)
        outbox.record(session, WebhookDisabled(webhook.id, webhook.owner_id, reason))


def _go_on(session: Session, webhook: Webhook) -> None:
    """Let it be called when the next delivery is to be made; the row is locked meanwhile."""
    if webhook.disabled_at is None:
        waiting = select(func.min(Delivery.next_at)).where(
            Delivery.webhook_id == webhook.id, Delivery.next_at.is_not(None)
        )
        webhook.due_at = webhook.planned_at = session.scalar(waiting)
