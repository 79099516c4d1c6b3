"""Bans: whom nobody knows is kept out by where they come from, or by the domain of their mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, or_, select
from sqlalchemy.orm import Session

from forum.accounts.errors import Banned, BanNotFound
from forum.accounts.identity import Viewer
from forum.accounts.models import Ban, BannedAddress, Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core import clock
from forum.core.db import table_of
from forum.core.pages import Keyset, Order, Page, Position, Record, rows

_BAN, _ADDRESS = table_of(Ban).c, table_of(BannedAddress).c
_ADDRESSES = (
    select(func.count()).where(_ADDRESS.ban_id == _BAN.id).scalar_subquery().label("addresses")
)
_IMPOSED = select(*_BAN, _BAN.imposed_by.label("author_id"), *AUTHOR_COLUMNS, _ADDRESSES).join(
    table_of(Member), table_of(Member).c.id == _BAN.imposed_by
)
_ONE = _IMPOSED.where(_BAN.id == bindparam("of_id"))
_ALL = Keyset(_IMPOSED, Order((_BAN.id,)))
_HOLDING = (
    select(_BAN.ends_at)
    .where(
        _BAN.lifted_at.is_(None),
        or_(_BAN.ends_at.is_(None), _BAN.ends_at > bindparam("now")),
        or_(
            _BAN.email_domain.in_(bindparam("domains", expanding=True)),
            _BAN.id.in_(select(_ADDRESS.ban_id).where(_ADDRESS.address_hash == bindparam("seen"))),
        ),
    )
    .limit(1)
)


@dataclass(frozen=True)
class NewBan:
    """Who is kept out, and until when: by hashes of addresses or by a domain of mail."""

    reason: str
    address_hashes: Sequence[str] = ()
    email_domain: str | None = None
    ends_at: datetime | None = None


def refuse_banned(session: Session, address_hash: str | None, email: str | None) -> None:
    """Raise `Banned` for who comes from a banned address, or with mail in a banned domain."""
    domains = list(_domains(email)) if email else []
    held = rows(session, _HOLDING, seen=address_hash, domains=domains, now=clock.now())
    if held:
        raise Banned(until=held[0].ends_at)


def bans(session: Session, after: Position | None, limit: int) -> Page[Record]:
    """All that were ever imposed, newest first."""
    return _ALL.page(session, after, limit)


def ban(session: Session, ban_id: int) -> Record:
    """One of them, with the moderator who imposed it; raises `BanNotFound`."""
    found = rows(session, _ONE, of_id=ban_id)
    if not found:
        raise BanNotFound
    return found[0]


def draft(session: Session, actor: Viewer, data: NewBan) -> int:
    """Put a ban on record that does not hold until `set_lifted` says so; gives its id."""
    now = clock.now()
    drafted = Ban(
        email_domain=data.email_domain,
        reason=data.reason,
        imposed_by=actor.id,
        imposed_at=now,
        ends_at=data.ends_at,
        lifted_at=now,
    )
    session.add(drafted)
    session.flush()
    if data.address_hashes:
        banned = [{"address_hash": each, "ban_id": drafted.id} for each in data.address_hashes]
        session.execute(insert(BannedAddress), banned)
    return drafted.id


def lock(session: Session, ban_id: int) -> Ban:
    """A ban, locked; raises `BanNotFound`."""
    found = session.get(Ban, ban_id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise BanNotFound
    return found


def set_lifted(session: Session, locked: Ban, lifted: bool) -> None:
    """Let a locked ban keep nobody out any more, or keep them out (again)."""
    locked.lifted_at = clock.now() if lifted else None
    session.flush()


def _domains(email: str) -> Sequence[str]:
    """The domain of an address, and all that it is a part of."""
    labels = email.rpartition("@")[2].lower().split(".")
    return [".".join(labels[at:]) for at in range(len(labels))]
