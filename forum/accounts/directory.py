"""The members as staff looks them up: by name, role and state."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, String, bindparam, case, or_, select
from sqlalchemy.orm import Session

from forum.accounts.models import GUEST, Member
from forum.accounts.names import skeleton
from forum.accounts.queries import not_suspended
from forum.core import clock
from forum.core.db import table_of
from forum.core.pages import Keyset, Order, Page, Position, Record
from forum.core.prefixes import begins_with

ACTIVE, UNCONFIRMED, SUSPENDED, ERASED = "active", "unconfirmed", "suspended", "erased"
STATES = (ACTIVE, UNCONFIRMED, SUSPENDED, ERASED)

_MEMBER = table_of(Member).c
_STATE = case(
    (_MEMBER.erased_at.is_not(None), ERASED),
    (~not_suspended(_MEMBER.id), SUSPENDED),
    (_MEMBER.email_confirmed_at.is_(None), UNCONFIRMED),
    else_=ACTIVE,
)
_SHOWN = (
    *(_MEMBER.id, _MEMBER.username, _MEMBER.display_name, _MEMBER.role, _MEMBER.created_at),
    *(_MEMBER.email, _MEMBER.two_factor_at, _STATE.label("state")),
)


@dataclass(frozen=True)
class Wanted:
    """Which members; None for any. `q` is how a name of theirs, or one that looks like it, begins.

    Theirs are the username and the display name.
    """

    q: str | None = None
    role: str | None = None
    state: str | None = None


def members(session: Session, wanted: Wanted, after: Position | None, limit: int) -> Page[Record]:
    """Members, newest first; for staff, who looks through all of them."""
    beginning = skeleton(wanted.q) if wanted.q else None
    given = {"of_role": wanted.role, "of_state": wanted.state, "beginning": beginning}
    bound = {name: value for name, value in given.items() if value is not None}
    return _list_of(*bound).page(session, after, limit, now=clock.now(), **bound)


def member(session: Session, member_id: int) -> Record:
    """One of them."""
    return _ONE.first(session, None, 1, now=clock.now(), of_id=member_id)[0]


@cache
def _list_of(*filters: str) -> Keyset:
    """The list with these filters, which are parameters to be bound."""
    query = select(*_SHOWN).where(_MEMBER.role != GUEST)
    return Keyset(query.where(*(_FILTERS[name] for name in filters)), Order((_MEMBER.id,)))


def _named_so() -> ColumnElement[bool]:
    beginning = bindparam("beginning", type_=String())
    names = (_MEMBER.username_skeleton, _MEMBER.name_skeleton)
    return or_(*(begins_with(name, beginning) for name in names))


_FILTERS = {
    "of_role": _MEMBER.role == bindparam("of_role"),
    "of_state": bindparam("of_state") == _STATE,
    "beginning": _named_so(),
}
_ONE = Keyset(select(*_SHOWN).where(_MEMBER.id == bindparam("of_id")), Order((_MEMBER.id,)))
