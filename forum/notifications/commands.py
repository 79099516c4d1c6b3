"""Choosing what to be told of, and reading it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts import membership
from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer
from forum.accounts.models import GUEST, Member
from forum.core import clock
from forum.core.db import execute
from forum.core.errors import Forbidden
from forum.core.mail import outgoing
from forum.core.many import add_missing, among, insert_missing, store
from forum.notifications import chosen, policy, targets
from forum.notifications.errors import SelfMute
from forum.notifications.letters import CONFIRMATION
from forum.notifications.links import LinkNotFound, Request, Stop
from forum.notifications.models import (
    ALL,
    NEVER,
    Mute,
    Notification,
    Subscriber,
    Subscription,
)
from forum.notifications.targets import COMMUNITY, Target
from forum.replies.models import Reply
from forum.threads.models import Thread

KEPT_FOR = timedelta(days=365)
MOST_FORGOTTEN = 10_000
"""At once, so that nobody waits for it."""

_PRESENT = select(Member.id.label("member_id")).where(
    Member.id.in_(bindparam("ids", expanding=True)),
    Member.erased_at.is_(None),
    Member.role != GUEST,
)


def subscribe(session: Session, actor: Viewer, target: Target, level: str, mail: str) -> None:
    """Choose what to be told of a target, and how; choosing again replaces.

    Raises `InvalidToken` for who has left.
    """
    _require_chooser(actor)
    membership.keep(session, actor.id)
    add_subscribers(session, [actor.id])
    choice = {"level": level, "mail": mail, "created_at": clock.now()}
    key = {"subscriber_id": session.scalar(_subscriber(actor)), "target": target.name}
    store(session, Subscription, key | choice)


def unsubscribe(session: Session, actor: Viewer, target: Target) -> None:
    """Be told of a target as of what it is a part of."""
    _require_chooser(actor)
    of_actor = Subscription.subscriber_id.in_(_subscriber(actor))
    session.execute(delete(Subscription).where(of_actor, Subscription.target == target.name))


def mute(session: Session, actor: Viewer, username: str) -> None:
    """Hear nothing of a member; raises `MemberNotFound` or `SelfMute`, and as `subscribe`."""
    _require_chooser(actor)
    membership.keep(session, actor.id)
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
    """Be ready to tell these members, but for erased ones and guests."""
    if member_ids:
        add_missing(session, Subscriber, _PRESENT, {"ids": list(member_ids)})


def ask_for_mail(session: Session, target: Target, email: str, mail: str) -> None:
    """Mail a link to an address that somebody typed; only who opens it subscribes."""
    request = Request(email, target.name, mail, clock.now().isoformat())
    outgoing.queue(session, CONFIRMATION, email, f"{CONFIRMATION}:{uuid4()}", asdict(request))


def confirm(session: Session, request: Request) -> None:
    """Subscribe the address that has opened the link; raises `LinkNotFound`.

    It follows everything new in the target, which must still be there.
    """
    if chosen.title_of(session, request.target) is None:
        raise LinkNotFound
    key = request.email.lower()
    reader = {"email": request.email, "email_key": key}
    execute(session, insert_missing(session, Subscriber).values(reader))
    choice = {"level": ALL, "mail": request.mail, "created_at": clock.now()}
    subscriber = select(Subscriber.id).where(Subscriber.email_key == key)
    row = {"subscriber_id": session.scalar(subscriber), "target": request.target}
    store(session, Subscription, row | choice)


def stop_mail(session: Session, stop: Stop) -> None:
    """Send a subscriber no more mail, about a target or about anything; again changes nothing."""
    subscriber = session.get(Subscriber, stop.subscriber_id)
    if subscriber is None:
        return
    ended = [Subscription.subscriber_id == subscriber.id]
    if stop.target is not None:
        ended.append(Subscription.target == stop.target)
    if subscriber.member_id is None:
        session.execute(delete(Subscription).where(*ended))
        _forget_if_nothing_is_followed(session, subscriber)
        return
    session.execute(update(Subscription).where(*ended).values(mail=NEVER))
    target = targets.by_name(session, stop.target or COMMUNITY.name)
    _want_no_mail(session, subscriber.id, subscriber.member_id, target)


def _want_no_mail(session: Session, subscriber_id: int, member_id: int, target: Target) -> None:
    """Where nothing is chosen, or not any more, what is broader holds but for the mail."""
    level = chosen.choice(session, member_id, target).level
    choice = {"level": level, "mail": NEVER, "created_at": clock.now()}
    row = {"subscriber_id": subscriber_id, "target": target.name, **choice}
    execute(session, insert_missing(session, Subscription).values(row))


def _forget_if_nothing_is_followed(session: Session, subscriber: Subscriber) -> None:
    """Destroy the address of who follows nothing any more, and what it was told."""
    followed = select(Subscription.target).where(Subscription.subscriber_id == subscriber.id)
    if session.scalar(followed.limit(1)) is None:
        session.execute(delete(Notification).where(Notification.subscriber_id == subscriber.id))
        session.delete(subscriber)
        session.flush()


def forget_old(session: Session) -> None:
    """Remove what somebody was told so long ago that nobody looks for it, the oldest first."""
    oldest = select(Notification.id, Notification.created_at).order_by(Notification.id)
    looked_at = oldest.limit(MOST_FORGOTTEN).subquery()
    is_old = looked_at.c.created_at < clock.now() - KEPT_FOR
    old = delete(Notification).where(Notification.id.in_(select(looked_at.c.id).where(is_old)))
    session.execute(old.execution_options(synchronize_session=False))


def told_to(session: Session, member_id: int) -> Sequence[int]:
    """The notifications of a member, by their ids."""
    subscriber = select(Subscriber.id).where(Subscriber.member_id == member_id)
    mine = select(Notification.id).where(Notification.subscriber_id.in_(subscriber))
    return session.scalars(mine.order_by(Notification.id)).all()


def forget(session: Session, notification_ids: Collection[int]) -> None:
    """Destroy some notifications."""
    doomed = delete(Notification).where(among(session, Notification.id, notification_ids))
    session.execute(doomed.execution_options(synchronize_session=False))


def forget_address(session: Session, email: str) -> None:
    """Destroy an address that has asked for mail without an account, and what it chose."""
    _forget_subscriber(session, Subscriber.email_key == email.lower())


def rename_actor(session: Session, former_id: int, author_id: int) -> None:
    """Tell of the texts of an author as theirs, which were somebody else's before."""
    replies, threads = (
        select(text.id).where(text.author_id == author_id, visibility)
        for text, visibility in ((Reply, Reply.visible), (Thread, Thread.visible))
    )
    about = or_(
        Notification.reply_id.in_(replies),
        and_(Notification.reply_id.is_(None), Notification.thread_id.in_(threads)),
    )
    theirs = update(Notification).where(about, Notification.actor_id == former_id)
    changed = theirs.values(actor_id=author_id)
    session.execute(changed.execution_options(synchronize_session=False))


def forget_member(session: Session, member_id: int) -> None:
    """Destroy what a member chose, whom they muted and what they were told."""
    _forget_subscriber(session, Subscriber.member_id == member_id)
    mutes = delete(Mute).where(or_(Mute.member_id == member_id, Mute.muted_id == member_id))
    session.execute(mutes.execution_options(synchronize_session=False))


def _forget_subscriber(session: Session, which: ColumnElement[bool]) -> None:
    subscriber = select(Subscriber.id).where(which)
    for destroyed in (
        delete(Notification).where(Notification.subscriber_id.in_(subscriber)),
        delete(Subscription).where(Subscription.subscriber_id.in_(subscriber)),
        delete(Subscriber).where(which),
    ):
        session.execute(destroyed.execution_options(synchronize_session=False))


def _subscriber(actor: Viewer) -> Select[int]:
    return select(Subscriber.id).where(Subscriber.member_id == actor.id)


def _require_chooser(actor: Viewer) -> None:
    if not policy.may_choose(actor):
        raise Forbidden
