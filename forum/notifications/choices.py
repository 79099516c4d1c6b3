"""What subscribers chose for all that one text belongs to, and what follows from it, in SQL.

The place decides: the thread or else its post or else the whole community. A path adds what is on
it, or takes it away.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, and_, case, cast, func, literal, or_

from forum.core.db import table_of
from forum.notifications.models import ALL, NEVER, NONE, NOW, Notification, Subscriber, Subscription
from forum.notifications.targets import COMMUNITY, PATH, POST, THREAD, name_of
from forum.replies.models import MANAGEMENT, TECHNICAL, Reply
from forum.threads.models import Thread

Name = ColumnElement[Any]


class Choices:
    """The subscriptions of a subscriber to five targets, all of them named by columns or values.

    A name that is NULL is that of no target.
    """

    def __init__(
        self, subscriber_id: Name, *, thread: Name, post: Name, technical: Name, management: Name
    ) -> None:
        self._subscriber_id = subscriber_id
        self._names = [thread, post, technical, management, literal(COMMUNITY.name)]
        self._chosen = [table_of(Subscription).alias() for _ in self._names]

    def joined(self, source: FromClause) -> FromClause:
        """`source`, which has the subscriber, with the subscriptions."""
        for chosen, name in zip(self._chosen, self._names, strict=True):
            mine = chosen.c.subscriber_id == self._subscriber_id
            source = source.outerjoin(chosen, and_(mine, chosen.c.target == name))
        return source

    @property
    def follows(self) -> ColumnElement[bool]:
        """Whether everything new is wanted, of the place or of the path."""
        return self._any_level_is(ALL)

    @property
    def mutes(self) -> ColumnElement[bool]:
        """Whether nothing is wanted, of the place or of the path."""
        return self._any_level_is(NONE)

    @property
    def mail(self) -> ColumnElement[str]:
        """How to be mailed: as chosen for the nearest; addresses without a member chose it all."""
        is_guest = table_of(Subscriber).c.member_id.is_(None)
        unless_chosen = case((is_guest, NEVER), else_=NOW)
        return func.coalesce(*(chosen.c.mail for chosen in self._chosen), unless_chosen)

    @property
    def nearest(self) -> ColumnElement[str]:
        """The nearest target that something is chosen for, whose mail it is; or the community."""
        return func.coalesce(*(chosen.c.target for chosen in self._chosen), COMMUNITY.name)

    def _any_level_is(self, level: str) -> ColumnElement[bool]:
        thread, post, technical, management, community = (each.c.level for each in self._chosen)
        levels = (func.coalesce(thread, post, community), technical, management)
        return or_(*(func.coalesce(each, "") == level for each in levels))


def of_notifications() -> Choices:
    """What the subscribers of notifications chose, to be joined to these, replies and threads."""
    notification, reply, thread = (table_of(each).c for each in (Notification, Reply, Thread))
    return Choices(
        notification.subscriber_id,
        thread=_named(THREAD, notification.thread_id),
        post=_named(POST, thread.post_id),
        technical=case((reply.on_technical, name_of(PATH, TECHNICAL))),
        management=case((reply.on_management, name_of(PATH, MANAGEMENT))),
    )


def _named(kind: str, target_id: Name) -> ColumnElement[str]:
    return literal(name_of(kind, "")).concat(cast(target_id, String))
