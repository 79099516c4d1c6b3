"""Reading subscriptions, mutes and notifications: only ever one's own.

What a notification is about may be hidden by the time it is read: then it is neither listed nor
counted, as if nobody had been told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, false, func, null, select, true
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.notifications import targets
from forum.notifications.models import (
    FOLLOWED,
    NOW,
    PARTICIPATING,
    REMOVED,
    REPLY,
    Mute,
    Notification,
    Subscriber,
    Subscription,
)
from forum.notifications.targets import Target
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

MOST_COUNTED = 100
"""Nobody reads more of a number of unread notifications than that it is more."""
MOST_READ = 200
"""So many notifications at most are read for one page of groups."""
GROUPED = frozenset({REPLY, FOLLOWED})
"""Kinds of which several in one thread are one group."""

_SUBSCRIBER = Subscriber.__table__.c
_SUBSCRIPTION = Subscription.__table__.c
_MUTE = Mute.__table__.c
_NOTIFICATION = Notification.__table__.c
_MEMBER = Member.__table__.c
_THREAD = Thread.__table__.c
_REPLY = Reply.__table__.c
_POST = Post.__table__.c


@dataclass(frozen=True)
class Choice:
    """What holds for a target; `chosen_at` is None where it follows from something broader."""

    level: str
    mail: str
    chosen_at: datetime | None = None


DEFAULT = Choice(PARTICIPATING, NOW)
"""Of members who have chosen nothing."""


@dataclass(frozen=True)
class Group:
    """Notifications of one kind in one thread: the latest of them, and how many there are."""

    latest: Record
    count: int


_OF_MEMBER = select(_SUBSCRIBER.id).where(_SUBSCRIBER.member_id == bindparam("of_member"))
_CHOSEN = (
    select(_SUBSCRIPTION.target, _SUBSCRIPTION.level, _SUBSCRIPTION.mail, _SUBSCRIPTION.created_at)
    .join(Subscriber.__table__, _SUBSCRIBER.id == _SUBSCRIPTION.subscriber_id)
    .where(
        _SUBSCRIBER.member_id == bindparam("of_member"),
        _SUBSCRIPTION.target.in_(bindparam("targets", expanding=True)),
    )
)
_SUBSCRIPTIONS = Keyset(
    select(_SUBSCRIPTION.target, _SUBSCRIPTION.level, _SUBSCRIPTION.mail, _SUBSCRIPTION.created_at),
    Order((_SUBSCRIPTION.target,), descending=False),
    Within(_SUBSCRIPTION.subscriber_id, bindparam("of_subscriber")),
)
_POSTS = select(_POST.id, _POST.slug, _POST.title).where(
    _POST.id.in_(bindparam("ids", expanding=True)), _POST.visible
)
_THREADS = select(
    _THREAD.id, case((_THREAD.visible, _THREAD.title), else_=null()).label("title")
).where(_THREAD.id.in_(bindparam("ids", expanding=True)), _THREAD.listed)
_MUTES = Keyset(
    select(
        _MUTE.muted_id, _MUTE.created_at, _MUTE.muted_id.label("author_id"), *AUTHOR_COLUMNS
    ).join(Member.__table__, _MEMBER.id == _MUTE.muted_id),
    Order((_MUTE.muted_id,)),
    Within(_MUTE.member_id, bindparam("of_member")),
)

ABOUT = Notification.__table__.outerjoin(
    Reply.__table__, _REPLY.id == _NOTIFICATION.reply_id
).outerjoin(Thread.__table__, _THREAD.id == _NOTIFICATION.thread_id)
"""Notifications with the texts they are about."""

_MUTED = select(true()).where(
    _MUTE.member_id == bindparam("of_member"), _MUTE.muted_id == _NOTIFICATION.actor_id
)
_IS_MUTED = func.coalesce(_MUTED.scalar_subquery(), false())
"""As a value: of NOT EXISTS, PostgreSQL may think that it leaves next to none, and sorts them."""

IS_SHOWN = and_(
    case(
        (_NOTIFICATION.kind == REMOVED, true()),
        (_NOTIFICATION.reply_id.is_not(None), _REPLY.visible),
        (_NOTIFICATION.thread_id.is_not(None), _THREAD.visible),
        else_=true(),
    ),
    ~_IS_MUTED,
)
"""Whether the member bound as `of_member` may see what `ABOUT` has, and wants to hear who did it.

The author of a text is told all the same of its removal.
"""

_SHOWN = select(
    *(_NOTIFICATION[name] for name in ("id", "kind", "thread_id", "read_at"))
).select_from(ABOUT)
_NEWEST_FIRST = Order((_NOTIFICATION.id,))
_OF_SUBSCRIBER = Within(_NOTIFICATION.subscriber_id, bindparam("of_subscriber"))
_NOTIFICATIONS = {
    unread: Keyset(_SHOWN.where(IS_SHOWN, *which), _NEWEST_FIRST, _OF_SUBSCRIBER)
    for unread, which in {False: (), True: (_NOTIFICATION.read_at.is_(None),)}.items()
}
_DETAILS = (
    select(
        *_NOTIFICATION,
        case((_THREAD.visible, _THREAD.title), else_=null()).label("thread_title"),
        _POST.slug.label("post_slug"),
        _POST.title.label("post_title"),
        _NOTIFICATION.actor_id.label("author_id"),
        *AUTHOR_COLUMNS,
    )
    .select_from(
        ABOUT.outerjoin(Member.__table__, _MEMBER.id == _NOTIFICATION.actor_id).outerjoin(
            Post.__table__, and_(_POST.id == _THREAD.post_id, _POST.visible)
        )
    )
    .where(_NOTIFICATION.id.in_(bindparam("ids", expanding=True)))
)


def choice(session: Session, actor: Viewer, target: Target) -> Choice:
    """What holds for a target: what the member chose for it, or for the nearest it is part of."""
    names = [target.name, *target.within]
    chosen = {row.target: row for row in rows(session, _CHOSEN, of_member=actor.id, targets=names)}
    for name in names:
        if name in chosen:
            row = chosen[name]
            return Choice(row.level, row.mail, row.created_at if name == target.name else None)
    return DEFAULT


def subscriptions(
    session: Session, actor: Viewer, after: Position | None, limit: int
) -> Page[Record]:
    """What a member chose, by target."""
    return _SUBSCRIPTIONS.page(session, after, limit, of_subscriber=_subscriber(session, actor))


def posts(session: Session, names: Sequence[str]) -> dict[str, Record]:
    """Slug and title of the posts among some targets, by the target's name."""
    found = rows(session, _POSTS, ids=targets.ids_of(targets.POST, names))
    return {targets.name_of(targets.POST, row.id): row for row in found}


def threads(session: Session, names: Sequence[str]) -> dict[str, Record]:
    """Id and title of the threads and tombstones among some targets, by the target's name."""
    found = rows(session, _THREADS, ids=targets.ids_of(targets.THREAD, names))
    return {targets.name_of(targets.THREAD, row.id): row for row in found}


def mutes(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """Whom a member does not hear."""
    return _MUTES.page(session, after, limit, of_member=actor.id)


def notifications(
    session: Session, actor: Viewer, unread: bool, after: Position | None, limit: int
) -> Page[Group]:
    """What a member is told of, newest first, in at most `limit` groups.

    A page holds `MOST_READ` notifications at most, and groups no others.
    """
    found = _NOTIFICATIONS[unread].first(session, after, MOST_READ + 1, **_of(session, actor))
    taken, counts = _group(found[:MOST_READ], limit)
    latest = [ids[0] for ids in counts.values()]
    details = {row.id: row for row in rows(session, _DETAILS, ids=latest)}
    groups = [Group(details[ids[0]], len(ids)) for ids in counts.values()]
    return Page(groups, _NEWEST_FIRST.position(found[taken - 1]) if taken < len(found) else None)


def count_unread(session: Session, actor: Viewer) -> int:
    """How many notifications a member has not read, counted up to one more than `MOST_COUNTED`."""
    return len(_NOTIFICATIONS[True].first(session, None, MOST_COUNTED + 1, **_of(session, actor)))


def _group(found: Sequence[Record], limit: int) -> tuple[int, dict[Any, list[int]]]:
    """How many of the notifications make up to `limit` groups, and the ids in each."""
    groups: dict[Any, list[int]] = {}
    for number, row in enumerate(found):
        key = (row.kind, row.thread_id, row.read_at is None) if row.kind in GROUPED else row.id
        if key not in groups and len(groups) == limit:
            return number, groups
        groups.setdefault(key, []).append(row.id)
    return len(found), groups


def _of(session: Session, actor: Viewer) -> dict[str, int]:
    """What lists of notifications bind."""
    return {"of_member": actor.id, "of_subscriber": _subscriber(session, actor)}


def _subscriber(session: Session, actor: Viewer) -> int:
    """The id under which a member is told; 0 of who never has been."""
    found = rows(session, _OF_MEMBER, of_member=actor.id)
    return found[0].id if found else 0
