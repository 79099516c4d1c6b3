"""Roles as staff gives them, in a group of the audit log."""

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts import roles
from forum.accounts.errors import MemberNotFound
from forum.accounts.identity import Viewer
from forum.accounts.models import GUEST
from forum.moderation import acting
from forum.moderation.facets import Facet, Values, register


def change(
    session: Session, actor: Viewer | None, username: str, role: str, reason: str | None = None
) -> int:
    """Give a member a role; `actor` None is the owner. Gives their id.

    Raises `MemberNotFound`, `Forbidden` or `LastAdmin`.
    """
    member = accounts.member_by_username(session, username)
    acting.begin(session, actor, reason).change(MEMBER_ROLE, member.id, {"role": role})
    return member.id


def _role(session: Session, member_id: int) -> Values:
    member = roles.lock(session, member_id)
    if member.erased_at is not None or member.role == GUEST:
        raise MemberNotFound
    return {"role": member.role}


def _give(session: Session, actor: Viewer | None, member_id: int, values: Values) -> None:
    roles.give(session, actor, member_id, values["role"])


def _themselves(_session: Session, member_id: int) -> int:
    return member_id


MEMBER_ROLE = register(Facet("member.role", _role, _give, _themselves))
