"""Reading what is still to be mailed, and what the mails tell."""

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, case, func, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.many import among
from forum.core.pages import Record, rows
from forum.notifications.choices import of_notifications
from forum.notifications.models import NEVER, Notification, Subscriber
from forum.notifications.queries import ABOUT, DETAILS, IS_SHOWN, with_names
from forum.replies.models import Reply
from forum.threads.models import Thread

MOST_TOLD = 200
"""In one mail."""

_NOTIFICATION = Notification.__table__.c
_SUBSCRIBER = Subscriber.__table__.c
_MEMBER = Member.__table__.c
_REPLY = Reply.__table__.c
_THREAD = Thread.__table__.c
_CHOICES = of_notifications()
_CHOSEN = _CHOICES.joined(
    ABOUT.join(Subscriber.__table__, _SUBSCRIBER.id == _NOTIFICATION.subscriber_id)
)

_ADDRESS = case(
    (_SUBSCRIBER.member_id.is_(None), _SUBSCRIBER.email),
    (_MEMBER.email_confirmed_at.is_not(None), _MEMBER.email),
)
_SUBSCRIBERS = (
    select(
        _SUBSCRIBER.id, _SUBSCRIBER.member_id, _SUBSCRIBER.digested_at, _ADDRESS.label("address")
    )
    .select_from(
        Subscriber.__table__.outerjoin(Member.__table__, _MEMBER.id == _SUBSCRIBER.member_id)
    )
    .where(_SUBSCRIBER.id.in_(bindparam("ids", expanding=True)))
    .order_by(_SUBSCRIBER.id)
)
_LOCKED = _SUBSCRIBERS.with_for_update(of=Subscriber.__table__)
_PENDING = (
    select(
        _NOTIFICATION.id,
        _NOTIFICATION.subscriber_id,
        _NOTIFICATION.created_at,
        _CHOICES.mail.label("mail"),
    )
    .select_from(_CHOSEN)
    .where(
        _NOTIFICATION.subscriber_id.in_(bindparam("ids", expanding=True)),
        _NOTIFICATION.mail.is_not(None),
    )
    .order_by(_NOTIFICATION.id)
)


_VISIBLE_BODY = case(
    (_REPLY.visible, _REPLY.body),
    (and_(_NOTIFICATION.reply_id.is_(None), _THREAD.visible), _THREAD.body),
    else_=null(),
)
_TO_TELL = (
    select(
        *DETAILS,
        _VISIBLE_BODY.label("body"),
        _REPLY.tree_key,
        _REPLY.reply_to_id,
        _CHOICES.nearest.label("target"),
        func.count().over().label("number"),
    )
    .select_from(with_names(_CHOSEN))
    .where(
        _NOTIFICATION.read_at.is_(None),
        _CHOICES.mail != NEVER,
        IS_SHOWN,
    )
    .order_by(_NOTIFICATION.id.desc())
    .limit(MOST_TOLD)
)


def lock_subscribers(session: Session, subscriber_ids: Sequence[int]) -> list[Record]:
    """Subscribers with the address that mail goes to, None if it is not confirmed.

    Whoever tells them of something waits until this transaction is over.
    """
    return rows(session, _LOCKED, ids=list(subscriber_ids))


def pending(session: Session, subscriber_ids: Sequence[int]) -> list[Record]:
    """What these subscribers are still to be mailed about, and how they want it by now."""
    return rows(session, _PENDING, ids=list(subscriber_ids))


def to_tell(session: Session, subscriber_id: int, notification_ids: Sequence[int]) -> list[Record]:
    """What a mail to a subscriber tells, newest first: as far as it is unread and can be seen.

    With what was written and where it stands in the thread; `target` is whose mail it is. The
    `number` of all that could be told is with each of the first `MOST_TOLD`.
    """
    of_member = [row.member_id for row in rows(session, _SUBSCRIBERS, ids=[subscriber_id])]
    if not of_member:
        return []
    these = among(session, Notification.id, notification_ids)
    return rows(session, _TO_TELL.where(these), of_member=of_member[0])
