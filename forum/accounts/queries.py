"""Reading accounts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken, MemberNotFound, SanctionNotFound
from forum.accounts.identity import SanctionInForce, Viewer
from forum.accounts.models import (
    HOLD_ALL,
    MUTE,
    STAFF,
    SUSPEND,
    THREAD,
    WRITING,
    AccessToken,
    Member,
    Sanction,
    SanctionedThread,
    SignIn,
)
from forum.accounts.names import skeleton
from forum.config import settings_of
from forum.core import clock, versions
from forum.core.pages import Record, rows

ERASED_USERNAME = "deleted-member"
ERASED_NAME = "deleted member"
"""What stands where the name of an erased member stood."""

_MEMBER = Member.__table__.c
_SIGN_IN = SignIn.__table__.c
_TOKEN = AccessToken.__table__.c
_SANCTION = Sanction.__table__.c
_ALSO_IN = SanctionedThread.__table__.c

AUTHOR_COLUMNS = (
    _MEMBER.username.label("author_username"),
    _MEMBER.display_name.label("author_display_name"),
    _MEMBER.role.label("author_role"),
)
"""What a list of texts selects of the members who wrote them."""

_IN_FORCE = and_(
    _SANCTION.lifted_at.is_(None),
    _SANCTION.starts_at <= bindparam("now"),
    or_(_SANCTION.ends_at.is_(None), _SANCTION.ends_at > bindparam("now")),
)
_SANCTIONS_IN_FORCE = (
    _SANCTION.id.label("sanction_id"),
    *(_SANCTION[name] for name in ("kind", "scope", "thread_id", "minutes")),
    *(_SANCTION[name] for name in ("reason", "rule", "message", "ends_at")),
    _ALSO_IN.thread_id.label("also_in_id"),
)


def not_suspended(member_id: ColumnElement[int]) -> ColumnElement[bool]:
    """A member is not kept from signing in at the moment bound as `now`.

    It is looked up for each: told that it EXISTS, PostgreSQL may read the sanctions of everybody.
    """
    suspended = (_SANCTION.member_id == member_id, _SANCTION.kind == SUSPEND, _IN_FORCE)
    return select(_SANCTION.id).where(*suspended).limit(1).scalar_subquery().is_(None)


def with_sanctions(members: Select[Any]) -> Select[Any]:
    """Members with the sanctions in force at the moment bound as `now`: a row for each, or one.

    There are more of one that holds in more than one other thread.
    """
    held = and_(_SANCTION.member_id == _MEMBER.id, _IN_FORCE)
    also_in = and_(_ALSO_IN.sanction_id == _SANCTION.id, _ALSO_IN.holds)
    found = members.add_columns(*_SANCTIONS_IN_FORCE).outerjoin(Sanction.__table__, held)
    return found.outerjoin(SanctionedThread.__table__, also_in)


def sanctions_among(found: Sequence[Record]) -> tuple[SanctionInForce, ...]:
    """The sanctions in rows of `with_sanctions`; raises `InvalidToken` of who is suspended."""
    sanctions = all_sanctions_among(found)
    if any(sanction.kind == SUSPEND for sanction in sanctions):
        raise InvalidToken
    return sanctions


def all_sanctions_among(found: Sequence[Record]) -> tuple[SanctionInForce, ...]:
    """The same, suspended or not."""
    in_force = (row for row in found if row.sanction_id is not None)
    return tuple(dict.fromkeys(each for row in in_force for each in _in_force(row)))


def _in_force(row: Record) -> Iterator[SanctionInForce]:
    """One for each thread that it holds in, if it is of one."""
    for thread_id in {row.thread_id, row.also_in_id or row.thread_id}:
        yield SanctionInForce(
            id=row.sanction_id,
            kind=row.kind,
            scope=row.scope,
            thread_id=thread_id,
            minutes=row.minutes,
            reason=row.reason,
            rule=row.rule,
            message=row.message,
            until=row.ends_at,
        )


_KNOWN = (
    *(_MEMBER.id, _MEMBER.role, _MEMBER.email_confirmed_at, _MEMBER.two_factor_at),
    versions.version_of(versions.WATCHED).label("watched"),
)
"""What is known of everybody who asks, and read along with it."""

_OF_SIGN_IN = with_sanctions(
    select(*_KNOWN)
    .join(SignIn.__table__, _SIGN_IN.member_id == _MEMBER.id)
    .where(
        _SIGN_IN.id == bindparam("of_sign_in"),
        _MEMBER.id == bindparam("of_member"),
        _SIGN_IN.revoked_at.is_(None),
        _SIGN_IN.expires_at > bindparam("now"),
        _MEMBER.erased_at.is_(None),
    )
)
_OF_ACCESS_TOKEN = with_sanctions(
    select(*_KNOWN, _TOKEN.scopes, _TOKEN.last_used_at)
    .join(AccessToken.__table__, _TOKEN.member_id == _MEMBER.id)
    .where(
        _TOKEN.token_hash == bindparam("of_token"),
        or_(_TOKEN.expires_at.is_(None), _TOKEN.expires_at > bindparam("now")),
        _MEMBER.erased_at.is_(None),
    )
)


def find_for_login(session: Session, login: str) -> Member | None:
    """The member with this name or e-mail address: who has confirmed it, else who gave it first.

    Where mail is configured an address has to be confirmed: whoever registers with one that is
    somebody's could tell by whether it signs them in. Nobody for one who is suspended.
    """
    can_confirm = bool(settings_of(session).smtp_url)
    by_address = _has_confirmed(login) if can_confirm else or_(*_has_address(login))
    known_by = or_(Member.username_skeleton == skeleton(login), by_address)
    able = select(Member).where(known_by, not_suspended(_MEMBER.id))
    candidates = session.scalars(able, {"now": clock.now()}).all()
    by_name = (m for m in candidates if (m.username or "").lower() == login.lower())
    return next(by_name, None) or _confirmed_first(candidates, login)


def member_by_address(session: Session, address: str) -> Member | None:
    """The member who has confirmed an e-mail address, else who gave it first."""
    candidates = session.scalars(select(Member).where(or_(*_has_address(address)))).all()
    return _confirmed_first(candidates, address)


def confirmed_holder(session: Session, address: str) -> Member | None:
    """The member who has confirmed an e-mail address."""
    return session.scalar(select(Member).where(_has_confirmed(address)))


def _has_confirmed(address: str) -> ColumnElement[bool]:
    return Member.email_key == address.lower()


def _has_address(address: str) -> tuple[ColumnElement[bool], ...]:
    first = select(func.min(Member.id)).where(Member.unconfirmed_key == address.lower())
    return _has_confirmed(address), Member.id == first.scalar_subquery()


def _confirmed_first(candidates: Iterable[Member], address: str) -> Member | None:
    having = [m for m in candidates if address.lower() in {m.email_key, m.unconfirmed_key}]
    return min(having, key=lambda m: m.email_key is None, default=None)


def member_by_username(session: Session, username: str) -> Member:
    """The member with this name, in any case; raises `MemberNotFound`."""
    member = session.scalar(select(Member).where(Member.username_skeleton == skeleton(username)))
    if member is None or (member.username or "").lower() != username.lower():
        raise MemberNotFound
    return member


def ids_by_username(session: Session, usernames: Iterable[str]) -> set[int]:
    """The members with these names, in any case; names of nobody are passed over."""
    wanted = {name.lower() for name in usernames}
    alike = Member.username_skeleton.in_([skeleton(name) for name in wanted])
    found = session.execute(select(Member.id, Member.username).where(alike))
    return {row.id for row in found if (row.username or "").lower() in wanted}


def member_by_id(session: Session, member_id: int) -> Member:
    """The member with this id; raises `MemberNotFound`."""
    member = session.get(Member, member_id)
    if member is None:
        raise MemberNotFound
    return member


def viewer_of_sign_in(session: Session, sign_in_id: int, member_id: int) -> Viewer:
    """Who a token of a session stands for.

    Raises `InvalidToken` when the session is over or the member suspended.
    """
    of = {"of_sign_in": sign_in_id, "of_member": member_id, "now": clock.now()}
    return _viewer(session, rows(session, _OF_SIGN_IN, **of), sign_in_id=sign_in_id)


def viewer_of_access_token(session: Session, token_hash: str) -> tuple[Viewer, datetime | None]:
    """Who a personal access token stands for, and when its use was last noted.

    Raises `InvalidToken` when there is none, or the member is suspended.
    """
    found = rows(session, _OF_ACCESS_TOKEN, of_token=token_hash, now=clock.now())
    scopes = (scope for row in found for scope in row.scopes.split())
    viewer = _viewer(session, found, scopes=frozenset(scopes))
    return viewer, found[0].last_used_at


def _viewer(session: Session, found: Sequence[Record], **shown: Any) -> Viewer:
    """Who rows of `with_sanctions` tell of."""
    if not found:
        raise InvalidToken
    member, sanctions = found[0], sanctions_among(found)
    versions.note(session, versions.WATCHED, member.watched)
    shown["lacks_second_factor"] = lacks_second_factor(session, member)
    is_confirmed = member.email_confirmed_at is not None
    return Viewer(member.id, member.role, is_confirmed, sanctions=sanctions, **shown)


def lacks_second_factor(session: Session, member: Any) -> bool:
    """Whether somebody of staff has still to set up the second factor that is asked of staff."""
    is_asked = settings_of(session).require_staff_2fa and member.role in STAFF
    return is_asked and member.two_factor_at is None


def is_suspended(session: Session, member_id: int) -> bool:
    """Whether a member is kept from signing in."""
    able = select(_MEMBER.id).where(_MEMBER.id == member_id, not_suspended(_MEMBER.id))
    return not rows(session, able, now=clock.now())


def has_barred_holder(session: Session, address: str) -> bool:
    """Whether a member or guest who has confirmed an address is kept from writing or being seen."""
    barred = (_SANCTION.kind.in_((SUSPEND, MUTE, HOLD_ALL)), _SANCTION.scope.in_((WRITING, THREAD)))
    held = select(_SANCTION.id).join(Member, Member.id == _SANCTION.member_id)
    has_it = or_(_has_confirmed(address), Member.guest_key == address.lower())
    found = held.where(has_it, *barred, _IN_FORCE)
    return bool(rows(session, found.limit(1), now=clock.now()))


def sanction(session: Session, sanction_id: int) -> Sanction:
    """One sanction; raises `SanctionNotFound`."""
    found = session.get(Sanction, sanction_id)
    if found is None:
        raise SanctionNotFound
    return found
