"""Sanctions for tests, by the commands that routes call for them."""

from datetime import timedelta
from typing import Any

from forum.accounts import queries as accounts
from forum.accounts import sanctions
from forum.accounts.identity import viewer_of
from forum.accounts.sanctions import NewSanction
from forum.core import clock
from forum.core.db import db, writing
from tests.community import Community, Person


def put_into_force(
    community: Community, person: Person, kind: str, *, hours: int | None = None, **more: Any
) -> int:
    """A sanction by the admin, for so many hours or for good; gives its id."""
    ends_at = clock.now() + timedelta(hours=hours) if hours else None
    data = NewSanction(kind, "Again and again.", ends_at=ends_at, **more)
    admin = community.admin.username
    with community.app.app_context(), writing():
        actor = viewer_of(accounts.member_by_username(db.session(), admin))
        member = accounts.member_by_username(db.session(), person.username)
        sanction = sanctions.draft(db.session(), actor, member.id, data)
        sanctions.set_lifted(db.session(), sanction, False)
        db.session.commit()
        return sanction.id
