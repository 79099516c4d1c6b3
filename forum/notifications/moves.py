"""What moderators move takes along who follows it and what they were told of it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from forum.core.db import table_of
from forum.core.many import add_missing
from forum.notifications.models import FOLLOWED, MENTION, REPLY, Notification, Subscription
from forum.notifications.targets import THREAD, name_of
from forum.replies.models import Reply
from forum.threads.models import Thread

_OF_TEXTS = Notification.kind.in_((REPLY, MENTION, FOLLOWED))
"""They tell that something was written; others, what became of it where it was."""


_CHOSEN = table_of(Subscription).c
_FOLLOWING = select(
    *(column for column in _CHOSEN if column.key != "target"),
    bindparam("present", type_=_CHOSEN.target.type).label("target"),
).where(_CHOSEN.target == bindparam("former"))


def follow(session: Session, left_id: int, thread_id: int) -> None:
    """Let those who follow a thread that was merged into another one follow that, too.

    What they have chosen for it themselves stays.
    """
    if not _is_merged(session, left_id):
        return
    names = {"former": name_of(THREAD, left_id), "present": name_of(THREAD, thread_id)}
    add_missing(session, Subscription, _FOLLOWING, names)


def unfollow(session: Session, left_id: int, thread_id: int) -> None:
    """End what `follow` began: the same was chosen at the same time, when the two were one."""
    if _is_merged(session, thread_id):
        return
    chosen = aliased(Subscription)
    same = [
        getattr(chosen, name) == getattr(Subscription, name)
        for name in ("subscriber_id", "level", "mail", "created_at")
    ]
    copied = exists().where(_target(chosen, thread_id), *same)
    copies = delete(Subscription).where(_target(Subscription, left_id), copied)
    session.execute(copies.execution_options(synchronize_session=False))


def tell_of_reply(session: Session, left_id: int, thread_id: int, reply_id: int) -> None:
    """Let what tells of the opening of a thread tell of the reply that this has become."""
    of_opening = [Notification.thread_id == left_id, Notification.reply_id.is_(None)]
    _change(session, of_opening, reply_id=reply_id, thread_id=thread_id)


def tell_of_thread(session: Session, thread_id: int, reply_id: int) -> None:
    """Let what tells of a reply tell of the thread whose opening this has become."""
    of_reply = [Notification.reply_id == reply_id]
    _change(session, of_reply, reply_id=None, thread_id=thread_id)


def tell_where(session: Session, left_id: int) -> None:
    """Let what tells of replies that have left a thread name the thread they are in by now."""
    of_reply = select(Reply.thread_id).where(Reply.id == Notification.reply_id)
    moved = select(Reply.id).where(
        Reply.left_thread_id == left_id, Reply.left_thread_at.is_not(None)
    )
    place = of_reply.correlate(Notification).scalar_subquery()
    _change(session, [Notification.reply_id.in_(moved)], thread_id=place)


def _change(session: Session, which: Iterable[ColumnElement[bool]], **values: Any) -> None:
    change = update(Notification).where(_OF_TEXTS, *which).values(values)
    session.execute(change.execution_options(synchronize_session=False))


def _target(subscription: Any, thread_id: int) -> ColumnElement[bool]:
    named: ColumnElement[bool] = subscription.target == name_of(THREAD, thread_id)
    return named


def _is_merged(session: Session, thread_id: int) -> bool:
    asked = select(Thread.moved_to_id).where(Thread.id == thread_id)
    return session.scalar(asked) is not None
