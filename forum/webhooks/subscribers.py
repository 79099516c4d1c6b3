"""What webhooks make of what happens: a delivery for each that wants to know."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.core.many import insert_missing
from forum.core.outbox import Happened, on
from forum.core.pages import Record, rows
from forum.replies.models import MANAGEMENT, TECHNICAL, Reply
from forum.threads.models import Thread
from forum.webhooks.commands import new_delivery, wake
from forum.webhooks.messages import NAMES, told_of
from forum.webhooks.models import Delivery, Webhook

_WEBHOOK = Webhook.__table__.c
_REPLY = Reply.__table__.c
_THREAD = Thread.__table__.c
_ENABLED = select(_WEBHOOK.id, _WEBHOOK.events, _WEBHOOK.paths, _WEBHOOK.posts).where(
    _WEBHOOK.disabled_at.is_(None)
)
_OF_REPLY = select(_REPLY.post_id, _REPLY.on_technical, _REPLY.on_management).where(
    _REPLY.id == bindparam("of_id")
)
_OF_THREAD = select(_THREAD.post_id).where(_THREAD.id == bindparam("of_id"))


@on(*NAMES)
def prepare_deliveries(session: Session, happened: Happened) -> None:
    """Keep a delivery for every enabled webhook that wants to hear of it."""
    name = NAMES[type(happened.event)]
    interested = [each for each in rows(session, _ENABLED) if name in each.events]
    if not interested:
        return
    data = told_of(happened.event)
    post_id, paths = _place(session, data)
    told = [each.id for each in interested if _wants(each, post_id, paths)]
    if told:
        told_data = data | {"post_id": post_id}
        new = [new_delivery(each, happened.id, name, told_data, happened.at) for each in told]
        session.execute(insert_missing(session, Delivery), new)
        wake(session, told)


def _wants(webhook: Record, post_id: int, paths: set[str]) -> bool:
    wants_post = not webhook.posts or post_id in webhook.posts
    return wants_post and (not webhook.paths or not paths.isdisjoint(webhook.paths))


def _place(session: Session, data: dict[str, Any]) -> tuple[int, set[str]]:
    """The post that something happened below, and the paths that it stands on by now."""
    if "reply_id" in data:
        (reply,) = rows(session, _OF_REPLY, of_id=data["reply_id"])
        on = {TECHNICAL: reply.on_technical, MANAGEMENT: reply.on_management}
        left = {path for path in (data.get("before"), data.get("after")) if path}
        return reply.post_id, {path for path, is_on in on.items() if is_on} | left
    if "thread_id" in data:
        (thread,) = rows(session, _OF_THREAD, of_id=data["thread_id"])
        return thread.post_id, set()
    return data["post_id"], set()
