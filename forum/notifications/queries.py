"""Reading notifications: only ever one's own.

What a notification is about may be hidden by the time it is read: then it is neither listed nor
counted, as if nobody had been told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    false,
    func,
    null,
    select,
    true,
)
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.notifications import chosen
from forum.notifications.models import (
    FOLLOWED,
    HELD,
    LOCKED,
    MESSAGE,
    REMOVED,
    REPLY,
    REPORT,
    Mute,
    Notification,
)
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

MOST_COUNTED = 100
"""Nobody reads more of a number of unread notifications than that it is more."""
MOST_READ = 200
"""So many notifications at most are read for one page of groups."""
GROUPED = frozenset({REPLY, FOLLOWED})
"""Kinds of which several in one thread are one group."""

_MUTE = Mute.__table__.c
_NOTIFICATION = Notification.__table__.c
_MEMBER = Member.__table__.c
_THREAD = Thread.__table__.c
_REPLY = Reply.__table__.c
_POST = Post.__table__.c


@dataclass(frozen=True)
class Group:
    """Notifications of one kind in one thread: the latest of them, and how many there are."""

    latest: Record
    count: int


OF_HIDDEN = (REMOVED, HELD, LOCKED, MESSAGE, REPORT)
"""Kinds that tell what moderators did about a text, which may be that nobody sees it any more."""

ABOUT = Notification.__table__.outerjoin(
    Reply.__table__, _REPLY.id == _NOTIFICATION.reply_id
).outerjoin(Thread.__table__, _THREAD.id == _NOTIFICATION.thread_id)
"""Notifications with the texts they are about."""


def is_muted(member_id: ColumnElement[int], other_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a member mutes another.

    As a value: of NOT EXISTS, PostgreSQL may think that it leaves next to none, and sorts them.
    """
    mute = select(true()).where(_MUTE.member_id == member_id, _MUTE.muted_id == other_id)
    return func.coalesce(mute.scalar_subquery(), false())


IS_SHOWN = and_(
    case(
        (_NOTIFICATION.kind.in_(OF_HIDDEN), true()),
        (_NOTIFICATION.reply_id.is_not(None), _REPLY.visible),
        (_NOTIFICATION.thread_id.is_not(None), _THREAD.visible),
        else_=true(),
    ),
    ~is_muted(bindparam("of_member"), _NOTIFICATION.actor_id),
)
"""Whether the member bound as `of_member` may see what `ABOUT` has, and wants to hear who did it.

The author of a text, and who reported it, are told all the same what moderators did about it.
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
DETAILS = (
    *_NOTIFICATION,
    case((_THREAD.visible, _THREAD.title), else_=null()).label("thread_title"),
    _POST.slug.label("post_slug"),
    _POST.title.label("post_title"),
    _NOTIFICATION.actor_id.label("author_id"),
    *AUTHOR_COLUMNS,
)
"""What is told of a notification."""


def with_names(about: FromClause) -> FromClause:
    """`ABOUT` with what `DETAILS` needs besides: who did it, and below which post."""
    with_actor = about.outerjoin(Member.__table__, _MEMBER.id == _NOTIFICATION.actor_id)
    return with_actor.outerjoin(Post.__table__, and_(_POST.id == _THREAD.post_id, _POST.visible))


_DETAILS = (
    select(*DETAILS)
    .select_from(with_names(ABOUT))
    .where(_NOTIFICATION.id.in_(bindparam("ids", expanding=True)))
)


def notifications(
    session: Session, actor: Viewer, unread: bool, after: Position | None, limit: int
) -> Page[Group]:
    """What a member is told of, newest first, in at most `limit` groups.

    A page holds `MOST_READ` notifications at most, and groups no others.
    """
    found = _NOTIFICATIONS[unread].first(session, after, MOST_READ + 1, **_of(session, actor))
    groups, taken = grouped(found[:MOST_READ], limit)
    latest = [group[0].id for group in groups]
    details = {row.id: row for row in rows(session, _DETAILS, ids=latest)}
    shown = [Group(details[group[0].id], len(group)) for group in groups]
    return Page(shown, _NEWEST_FIRST.position(found[taken - 1]) if taken < len(found) else None)


def count_unread(session: Session, actor: Viewer) -> int:
    """How many notifications a member has not read, counted up to one more than `MOST_COUNTED`."""
    return len(_NOTIFICATIONS[True].first(session, None, MOST_COUNTED + 1, **_of(session, actor)))


def grouped(found: Sequence[Record], limit: int) -> tuple[list[list[Record]], int]:
    """The first notifications in at most `limit` groups, and how many of them these hold."""
    groups: dict[Any, list[Record]] = {}
    for number, row in enumerate(found):
        key = (row.kind, row.thread_id, row.read_at is None) if row.kind in GROUPED else row.id
        if key not in groups and len(groups) == limit:
            return list(groups.values()), number
        groups.setdefault(key, []).append(row)
    return list(groups.values()), len(found)


def _of(session: Session, actor: Viewer) -> dict[str, int]:
    """What lists of notifications bind."""
    return {"of_member": actor.id, "of_subscriber": chosen.subscriber_id(session, actor)}
