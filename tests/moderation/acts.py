"""Setting facets as a moderator does, and what the audit log says of it."""

from typing import Any

from sqlalchemy import Row, select

from forum.accounts import queries as accounts
from forum.accounts.identity import viewer_of
from forum.core.audit import LoggedEntry
from forum.core.db import db, table_of, writing
from forum.moderation import acting
from forum.moderation.facets import Facet, Values
from tests.community import Community, Person
from tests.recount import counted_anew, stances, stances_counted_anew, stored


def change(
    community: Community,
    moderator: Person,
    facet: Facet,
    target_id: int,
    after: Values,
    reason: str | None = None,
) -> int:
    """Set a facet in a group of its own; gives the group's id."""
    with community.app.app_context(), writing():
        member = accounts.member_by_username(db.session(), moderator.username)
        group = acting.begin(db.session(), viewer_of(member), reason)
        group.change(facet, target_id, after)
        db.session.commit()
        return group.id


def entries(community: Community) -> list[Row[Any]]:
    """All there are, in the order in which they were appended."""
    with community.app.app_context():
        log = table_of(LoggedEntry)
        return list(db.session.execute(select(*log.c).order_by(log.c.id)).all())


def assert_everything_agrees(community: Community) -> None:
    """Every stored number is what the rows say."""
    with community.app.app_context():
        session = db.session()
        assert stored(session) == counted_anew(session)
        assert stances(session) == stances_counted_anew(session)
