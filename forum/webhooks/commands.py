"""Changing webhooks, and what is sent to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from forum.accounts import membership
from forum.accounts.identity import Viewer
from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.errors import Forbidden
from forum.moderation import acting
from forum.posts.errors import PostNotFound
from forum.posts.models import Post
from forum.webhooks import queries
from forum.webhooks.errors import TooManyKeys, TooManyWebhooks, WebhookIsDisabled
from forum.webhooks.messages import TEST
from forum.webhooks.models import WAITING, Delivery, FormerSecret, Webhook
from forum.webhooks.policy import may_manage_webhooks
from forum.webhooks.signing import new_secret

MOST_WEBHOOKS = 200
MOST_FORMER_SECRETS = 10
"""That are good at once, for each adds to the headers of every message."""
FORMER_SECRETS_LAST = timedelta(hours=24)
DELIVERIES_LAST = timedelta(days=30)


@dataclass(frozen=True)
class NewWebhook:
    """Where to call, and about what."""

    url: str
    events: list[str]
    paths: list[str] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)


def add_webhook(session: Session, actor: Viewer, data: NewWebhook) -> Webhook:
    """Raises `Forbidden`, `TooManyWebhooks`, `PostNotFound`, or `InvalidToken` for who has left."""
    if not may_manage_webhooks(actor):
        raise Forbidden
    membership.keep(session, actor.id)
    if (session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST_WEBHOOKS:
        raise TooManyWebhooks
    _refuse_unknown_posts(session, data.posts)
    added = Webhook(
        **vars(data), owner_id=actor.id, secret=new_secret(), created_at=clock.now(), attempts=0
    )
    session.add(added)
    session.flush()
    _log(session, actor, "webhook.add", added.id)
    return added


def change_webhook(
    session: Session, actor: Viewer, webhook_id: int, changes: Mapping[str, Any]
) -> Webhook:
    """Change what it is told and where; `enabled` lets what waited be sent, or wait.

    Raises `Forbidden`, `WebhookNotFound`, `Invalid`.
    """
    changed = queries.webhook(session, actor, webhook_id)
    _refuse_unknown_posts(session, changes.get("posts", ()))
    for name, value in changes.items():
        if name != "enabled":
            setattr(changed, name, value)
    if changes.get("enabled", changed.disabled_at is None):
        changed.disabled_at = changed.disabled_reason = changed.failing_since = None
    else:
        disable(changed, "by-hand")
    session.flush()
    wake(session, [webhook_id])
    _log(session, actor, "webhook.change", webhook_id, changed=sorted(changes))
    return changed


def disable(webhook: Webhook, reason: str) -> None:
    """Call it no more until it is enabled again."""
    webhook.disabled_at = webhook.disabled_at or clock.now()
    webhook.disabled_reason = webhook.disabled_reason or reason
    webhook.due_at = webhook.planned_at = None


def rotate_secret(session: Session, actor: Viewer, webhook_id: int) -> Webhook:
    """Sign with a new key from now on, and with the former one as well for a day.

    Raises `TooManyKeys` where that many are good.
    """
    rotated, now = queries.webhook(session, actor, webhook_id, lock=True), clock.now()
    if len(queries.former_secrets(session, webhook_id, now)) >= MOST_FORMER_SECRETS:
        raise TooManyKeys
    until = now + FORMER_SECRETS_LAST
    session.add(FormerSecret(webhook_id=webhook_id, secret=rotated.secret, good_until=until))
    rotated.secret = new_secret()
    session.flush()
    _log(session, actor, "webhook.rotate-secret", webhook_id)
    return rotated


def delete_webhook(session: Session, actor: Viewer, webhook_id: int) -> None:
    """Forget a webhook and all that was sent to it."""
    queries.webhook(session, actor, webhook_id)
    for theirs in (table_of(Delivery), table_of(FormerSecret)):
        execute(session, delete(theirs).where(theirs.c.webhook_id == webhook_id))
    webhooks = table_of(Webhook)
    execute(session, delete(webhooks).where(webhooks.c.id == webhook_id))
    _log(session, actor, "webhook.delete", webhook_id)


def send_test(session: Session, actor: Viewer, webhook_id: int) -> Delivery:
    """Send a message that tells of nothing; raises `WebhookIsDisabled`."""
    _refuse_disabled(queries.webhook(session, actor, webhook_id))
    test = Delivery(**new_delivery(webhook_id, None, TEST, {}, clock.now()))
    session.add(test)
    session.flush()
    wake(session, [webhook_id])
    _log(session, actor, "webhook.test", webhook_id)
    return test


def redeliver(session: Session, actor: Viewer, webhook_id: int, delivery_id: int) -> Delivery:
    """Send a message once more, under its old id; raises `WebhookIsDisabled`."""
    again = queries.delivery(session, actor, webhook_id, delivery_id)
    _refuse_disabled(queries.webhook(session, actor, webhook_id))
    again.attempts, again.state, again.next_at = 0, WAITING, clock.now()
    session.flush()
    wake(session, [webhook_id])
    _log(session, actor, "webhook.redeliver", webhook_id, message_id=again.message_id)
    return again


def new_delivery(
    webhook_id: int, event_id: int | None, kind: str, data: dict[str, Any], at: datetime
) -> dict[str, Any]:
    """A row that stands for a message which is to be sent at once."""
    return {
        "webhook_id": webhook_id,
        "event_id": event_id,
        "message_id": f"msg_{token_urlsafe(18)}",
        "type": kind,
        "data": data,
        "happened_at": at,
        "attempts": 0,
        "state": WAITING,
        "next_at": clock.now(),
    }


def wake(session: Session, webhook_ids: list[int]) -> None:
    """Let webhooks be called soon; who has claimed one looks for more by itself.

    All are locked, claimed ones as well: their callers must not look before this is committed.
    """
    webhook, now = table_of(Webhook).c, clock.now()
    is_claimed = webhook.due_at != webhook.planned_at
    woken = update(table_of(Webhook)).where(
        webhook.id.in_(webhook_ids), webhook.disabled_at.is_(None)
    )
    moments = (webhook.due_at, webhook.planned_at)
    changes = {moment: case((is_claimed, moment), else_=now) for moment in moments}
    execute(session, woken.values(changes))


def forget_old(session: Session) -> None:
    """Remove deliveries that have been over for long, and keys by which nothing is signed."""
    old, former, now = table_of(Delivery), table_of(FormerSecret), clock.now()
    is_old = old.c.happened_at < now - DELIVERIES_LAST
    execute(session, delete(old).where(is_old, old.c.next_at.is_(None)))
    execute(session, delete(former).where(former.c.good_until <= now))


def _log(session: Session, actor: Viewer, action: str, webhook_id: int, **private: Any) -> None:
    acting.begin(session, actor).log(action, f"webhook:{webhook_id}", private=private)


def _refuse_disabled(webhook: Webhook) -> None:
    if webhook.disabled_at is not None:
        raise WebhookIsDisabled


def _refuse_unknown_posts(session: Session, post_ids: list[int] | tuple[()]) -> None:
    asked = select(func.count()).where(Post.id.in_(post_ids), Post.visible)
    if post_ids and session.scalar(asked) != len(set(post_ids)):
        raise PostNotFound(pointer="/posts")
