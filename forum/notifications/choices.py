"""What subscribers chose for all that one text belongs to, and what follows from it, in SQL.

The place decides: the thread or else its post or else the whole community. A path adds what is on
it, or takes it away.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, literal, or_

from forum.core.db import table_of
from forum.notifications.models import ALL, NONE, NOW, Subscription
from forum.notifications.targets import COMMUNITY

Name = ColumnElement[Any]


class Choices:
    """The subscriptions of the subscriber in a column to five targets, named by columns or values.

    A name that is NULL is that of no target.
    """

    def __init__(
        self, subscriber_id: Name, *, thread: Name, post: Name, technical: Name, management: Name
    ) -> None:
        self._subscriber_id = subscriber_id
        self._names = [thread, post, technical, management, literal(COMMUNITY.name)]
        self._chosen = [table_of(Subscription).alias() for _ in self._names]

    def joined(self, source: FromClause) -> FromClause:
        """`source` with the subscriptions."""
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
        """How to be mailed: as chosen for the nearest."""
        return func.coalesce(*(chosen.c.mail for chosen in self._chosen), NOW)

    def _any_level_is(self, level: str) -> ColumnElement[bool]:
        thread, post, technical, management, community = (each.c.level for each in self._chosen)
        levels = (func.coalesce(thread, post, community), technical, management)
        return or_(*(func.coalesce(each, "") == level for each in levels))
