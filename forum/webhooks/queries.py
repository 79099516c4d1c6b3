"""Reading webhooks and their deliveries, which only admins may."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.errors import Forbidden
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread
from forum.webhooks.errors import DeliveryNotFound, WebhookNotFound
from forum.webhooks.messages import KINDS
from forum.webhooks.models import Delivery, FormerSecret, Webhook
from forum.webhooks.policy import may_manage_webhooks

_WEBHOOK = Webhook.__table__.c
_FORMER = FormerSecret.__table__.c
_DELIVERY = Delivery.__table__.c
_WEBHOOKS = Keyset(select(*_WEBHOOK), Order((_WEBHOOK.id,)))
_ENABLED = select(*_WEBHOOK).where(
    _WEBHOOK.id == bindparam("of_id"), _WEBHOOK.disabled_at.is_(None)
)
_FORMER_SECRETS = (
    select(_FORMER.secret)
    .where(_FORMER.webhook_id == bindparam("of_webhook"), _FORMER.good_until > bindparam("now"))
    .order_by(_FORMER.good_until.desc(), _FORMER.id.desc())
)
_DELIVERIES = Keyset(
    select(*_DELIVERY),
    Order((_DELIVERY.id,)),
    Within(_DELIVERY.webhook_id, bindparam("of_webhook")),
)
_WAITING = (
    select(*_DELIVERY)
    .where(_DELIVERY.webhook_id == bindparam("of_webhook"), _DELIVERY.next_at <= bindparam("now"))
    .order_by(_DELIVERY.next_at)
    .limit(bindparam("most"))
)
_VISIBLE = {
    name: select(table.__table__.c.id).where(
        table.__table__.c.id == bindparam("of_id"), table.__table__.c.visible
    )
    for name, table in (("reply_id", Reply), ("thread_id", Thread), ("post_id", Post))
}


def webhooks(session: Session, viewer: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """All webhooks, newest first."""
    _refuse_others(viewer)
    return _WEBHOOKS.page(session, after, limit)


def webhook(session: Session, viewer: Viewer, webhook_id: int, *, lock: bool = False) -> Webhook:
    """Raises `WebhookNotFound`; `lock` keeps others from changing it."""
    _refuse_others(viewer)
    how = {"key_share": True} if lock else None
    found = session.get(Webhook, webhook_id, with_for_update=how, populate_existing=lock)
    if found is None:
        raise WebhookNotFound
    return found


def enabled(session: Session, webhook_id: int) -> Record | None:
    """A webhook as it is called; None if it is gone or disabled."""
    found = rows(session, _ENABLED, of_id=webhook_id)
    return found[0] if found else None


def former_secrets(session: Session, webhook_id: int, now: datetime) -> list[str]:
    """The keys it had that are good at a moment, the latest first."""
    return [row.secret for row in rows(session, _FORMER_SECRETS, of_webhook=webhook_id, now=now)]


def deliveries(
    session: Session, viewer: Viewer, webhook_id: int, after: Position | None, limit: int
) -> Page[Record]:
    """What a webhook was sent or is to be, newest first; raises `WebhookNotFound`."""
    webhook(session, viewer, webhook_id)
    return _DELIVERIES.page(session, after, limit, of_webhook=webhook_id)


def delivery(session: Session, viewer: Viewer, webhook_id: int, delivery_id: int) -> Delivery:
    """Raises `WebhookNotFound`, `DeliveryNotFound`."""
    webhook(session, viewer, webhook_id)
    found = session.get(Delivery, delivery_id)
    if found is None or found.webhook_id != webhook_id:
        raise DeliveryNotFound
    return found


def waiting(session: Session, webhook_id: int, now: datetime, most: int) -> Sequence[Record]:
    """Deliveries that are to be made by now, the longest waiting first."""
    return rows(session, _WAITING, of_webhook=webhook_id, now=now, most=most)


def may_be_told(session: Session, delivery: Record) -> bool:
    """Whether what a delivery tells of can be seen, or is told of because it cannot."""
    kind = KINDS.get(delivery.type)
    if kind is None or kind.of_absence:
        return True
    innermost = next(name for name in _VISIBLE if name in delivery.data)
    return bool(rows(session, _VISIBLE[innermost], of_id=delivery.data[innermost]))


def _refuse_others(viewer: Viewer) -> None:
    if not may_manage_webhooks(viewer):
        raise Forbidden
