"""Choosing what to be told of, and reading it."""

from collections.abc import Collection

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.core import clock
from forum.core.db import execute
from forum.core.errors import Forbidden
from forum.core.many import insert_missing, store
from forum.notifications import policy
from forum.notifications.errors import SelfMute
from forum.notifications.models import Mute, Notification, Subscriber, Subscription
from forum.notifications.targets import Target


def subscribe(session: Session, actor: Viewer, target: Target, level: str, mail: str) -> None:
    """Choose what to be told of a target, and how; choosing again replaces."""
    _require_chooser(actor)
    add_subscribers(session, [actor.id])
    chosen = {"level": level, "mail": mail, "created_at": clock.now()}
    key = {"subscriber_id": session.scalar(_subscriber(actor)), "target": target.name}
    store(session, Subscription, key | chosen)


def unsubscribe(session: Session, actor: Viewer, target: Target) -> None:
    """Be told of a target as of what it is a part of."""
    _require_chooser(actor)
    of_actor = Subscription.subscriber_id.in_(_subscriber(actor))
    session.execute(delete(Subscription).where(of_actor, Subscription.target == target.name))


def mute(session: Session, actor: Viewer, username: str) -> None:
    """Hear nothing of a member; raises `MemberNotFound` or `SelfMute`."""
    _require_chooser(actor)
    muted = accounts.member_by_username(session, username)
    if policy.is_self(actor, muted):
        raise SelfMute
    row = {"member_id": actor.id, "muted_id": muted.id, "created_at": clock.now()}
    execute(session, insert_missing(session, Mute).values(row))


def unmute(session: Session, actor: Viewer, username: str) -> None:
    """Hear a member again; raises `MemberNotFound`."""
    _require_chooser(actor)
    muted = accounts.member_by_username(session, username)
    session.execute(delete(Mute).where(Mute.member_id == actor.id, Mute.muted_id == muted.id))


def mark_read(session: Session, actor: Viewer, up_to: int) -> None:
    """Have read all notifications up to one, by its id."""
    _require_chooser(actor)
    session.execute(
        update(Notification)
        .where(
            Notification.subscriber_id.in_(_subscriber(actor)),
            Notification.read_at.is_(None),
            Notification.id <= up_to,
        )
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def add_subscribers(session: Session, member_ids: Collection[int]) -> None:
    """Be ready to tell these members, but for erased ones."""
    members = select(Member.id).where(Member.id.in_(member_ids), Member.erased_at.is_(None))
    execute(session, insert_missing(session, Subscriber).from_select(["member_id"], members))


def forget_member(session: Session, member_id: int) -> None:
    """Destroy what a member chose, whom they muted and what they were told."""
    subscriber = select(Subscriber.id).where(Subscriber.member_id == member_id)
    for destroyed in (
        delete(Notification).where(Notification.subscriber_id.in_(subscriber)),
        delete(Subscription).where(Subscription.subscriber_id.in_(subscriber)),
        delete(Subscriber).where(Subscriber.member_id == member_id),
        delete(Mute).where(or_(Mute.member_id == member_id, Mute.muted_id == member_id)),
    ):
        session.execute(destroyed.execution_options(synchronize_session=False))


def _subscriber(actor: Viewer) -> Select[int]:
    return select(Subscriber.id).where(Subscriber.member_id == actor.id)


def _require_chooser(actor: Viewer) -> None:
    if not policy.may_choose(actor):
        raise Forbidden
