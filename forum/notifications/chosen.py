"""Reading what people chose: subscriptions and mutes, only ever one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.notifications import targets
from forum.notifications.models import NOW, PARTICIPATING, Mute, Subscriber, Subscription
from forum.notifications.targets import Target
from forum.posts.models import Post
from forum.replies.models import MANAGEMENT, TECHNICAL
from forum.threads.models import Thread

PATH_TITLES = {TECHNICAL: "the technical path", MANAGEMENT: "the management path"}

_SUBSCRIBER = Subscriber.__table__.c
_SUBSCRIPTION = Subscription.__table__.c
_MUTE = Mute.__table__.c
_MEMBER = Member.__table__.c
_THREAD = Thread.__table__.c
_POST = Post.__table__.c


@dataclass(frozen=True)
class Choice:
    """What holds for a target; `chosen_at` is None where it follows from something broader."""

    level: str
    mail: str
    chosen_at: datetime | None = None


DEFAULT = Choice(PARTICIPATING, NOW)
"""Of members who have chosen nothing."""


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
_POST_OF_THREAD = (
    select(_POST.title)
    .join(Thread.__table__, _THREAD.post_id == _POST.id)
    .where(_THREAD.id == bindparam("of_thread"), _THREAD.listed, _POST.visible)
)
_MUTES = Keyset(
    select(
        _MUTE.muted_id, _MUTE.created_at, _MUTE.muted_id.label("author_id"), *AUTHOR_COLUMNS
    ).join(Member.__table__, _MEMBER.id == _MUTE.muted_id),
    Order((_MUTE.muted_id,)),
    Within(_MUTE.member_id, bindparam("of_member")),
)


def choice(session: Session, member_id: int, target: Target) -> Choice:
    """What holds for a target: what the member chose for it, or for the nearest it is part of."""
    names = [target.name, *target.within]
    chosen = {row.target: row for row in rows(session, _CHOSEN, of_member=member_id, targets=names)}
    for name in names:
        if name in chosen:
            row = chosen[name]
            return Choice(row.level, row.mail, row.created_at if name == target.name else None)
    return DEFAULT


def subscriptions(
    session: Session, actor: Viewer, after: Position | None, limit: int
) -> Page[Record]:
    """What a member chose, by target."""
    return _SUBSCRIPTIONS.page(session, after, limit, of_subscriber=subscriber_id(session, actor))


def posts(session: Session, names: Sequence[str]) -> dict[str, Record]:
    """Slug and title of the posts among some targets, by the target's name."""
    found = rows(session, _POSTS, ids=targets.ids_of(targets.POST, names))
    return {targets.name_of(targets.POST, row.id): row for row in found}


def threads(session: Session, names: Sequence[str]) -> dict[str, Record]:
    """Id and title of the threads and tombstones among some targets, by the target's name."""
    found = rows(session, _THREADS, ids=targets.ids_of(targets.THREAD, names))
    return {targets.name_of(targets.THREAD, row.id): row for row in found}


def title_of(session: Session, name: str) -> str | None:
    """What a target is called in a sentence; None where there is no such thing any more."""
    kind, _, which = name.partition(":")
    if kind == targets.POST:
        found = posts(session, [name])
        return f"“{found[name].title}”" if found else None
    if kind == targets.THREAD:
        found = threads(session, [name])
        return _called(found[name]) if found else None
    return PATH_TITLES.get(which, "the whole community")


def title_for_strangers(session: Session, name: str) -> str | None:
    """The same in words of our own and of posts: what members wrote is sent to who asked for it."""
    kind, _, which = name.partition(":")
    if kind != targets.THREAD:
        return title_of(session, name)
    found = rows(session, _POST_OF_THREAD, of_thread=int(which))
    return f"thread {which} below “{found[0].title}”" if found else None


def mutes(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """Whom a member does not hear."""
    return _MUTES.page(session, after, limit, of_member=actor.id)


def subscriber_id(session: Session, actor: Viewer) -> int:
    """The id under which a member is told; 0 of who never has been."""
    found = rows(session, _OF_MEMBER, of_member=actor.id)
    return found[0].id if found else 0


def _called(thread: Record) -> str:
    return f"“{thread.title}”" if thread.title else f"thread {thread.id}"
