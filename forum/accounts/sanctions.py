"""What members may not do: asked before they do it, imposed, lifted and seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from forum.accounts.errors import Sanctioned, SanctionNotFound
from forum.accounts.events import SanctionImposed, SanctionLifted
from forum.accounts.identity import Viewer
from forum.accounts.models import (
    HOLD_ALL,
    NOTE,
    SLOW,
    SUSPEND,
    THREAD,
    WARN,
    WRITING,
    Member,
    Sanction,
)
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core import clock, outbox
from forum.core.db import table_of
from forum.core.errors import Invalid
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows


@dataclass(frozen=True)
class NewSanction:
    """What a member may not do, why, and when; without `ends_at`, for good.

    `thread_id` goes with the scope of one thread, `minutes` between two texts with slowness.
    """

    kind: str
    reason: str
    scope: str = WRITING
    thread_id: int | None = None
    minutes: int | None = None
    rule: str | None = None
    message: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def refuse_senseless(self) -> None:
        """Raise `Invalid` for what does not go together."""
        about_writing = self.scope in (WRITING, THREAD) or self.kind not in (SLOW, HOLD_ALL)
        for is_so, member, otherwise in (
            ((self.thread_id is None) == (self.scope != THREAD), "thread_id", "Of one thread."),
            ((self.minutes is None) == (self.kind != SLOW), "minutes", "Of slowness."),
            (about_writing, "scope", "This kind is about writing."),
            (self.kind != SUSPEND or self.scope == WRITING, "scope", "It is about everything."),
            (self.ends_at is None or self._begins_before(self.ends_at), "until", "It is over."),
        ):
            if not is_so:
                raise Invalid(otherwise, pointer=f"/{member}")

    def _begins_before(self, moment: datetime) -> bool:
        now = clock.now()
        return max(self.starts_at or now, now) < moment


UPCOMING, HOLDS, OVER, WITHDRAWN = "upcoming", "in-force", "over", "lifted"
STATES = (UPCOMING, HOLDS, OVER, WITHDRAWN)

_SANCTION = table_of(Sanction).c
_IMPOSED = select(*_SANCTION, _SANCTION.imposed_by.label("author_id"), *AUTHOR_COLUMNS).join(
    table_of(Member), table_of(Member).c.id == _SANCTION.imposed_by
)
_ONE = _IMPOSED.where(_SANCTION.id == bindparam("of_id"))
_OF_MEMBER = Keyset(
    _IMPOSED, Order((_SANCTION.id,)), Within(_SANCTION.member_id, bindparam("of_member"))
)


def sanction(session: Session, sanction_id: int) -> Record:
    """One of them, with the moderator who imposed it; raises `SanctionNotFound`."""
    found = rows(session, _ONE, of_id=sanction_id)
    if not found:
        raise SanctionNotFound
    return found[0]


def of_member(session: Session, member_id: int, after: Position | None, limit: int) -> Page[Record]:
    """What was ever imposed on a member, newest first, each with the moderator who did."""
    return _OF_MEMBER.page(session, after, limit, of_member=member_id)


def state_of(sanction: Record | Sanction) -> str:
    """Whether it holds now, one of `STATES`."""
    now = clock.now()
    if sanction.lifted_at is not None:
        return WITHDRAWN
    if sanction.ends_at is not None and sanction.ends_at <= now:
        return OVER
    return HOLDS if sanction.starts_at <= now else UPCOMING


def refuse_barred(viewer: Viewer, scope: str, thread_id: int | None = None) -> None:
    """Raise `Sanctioned` where the viewer may not do something, in a thread if it is done in one.

    It asks what the viewer was loaded with, and no database.
    """
    barred = viewer.barred_from(scope, thread_id)
    if barred is not None:
        raise Sanctioned(
            barred.message or barred.reason,
            sanction_id=barred.id,
            kind=barred.kind,
            scope=barred.scope,
            reason=barred.reason,
            rule=barred.rule,
            message=barred.message,
            until=barred.until,
        )


def draft(session: Session, actor: Viewer, member_id: int, data: NewSanction) -> Sanction:
    """Put a sanction on record that is not in force until `set_lifted` says so.

    Raises `Invalid` for what does not go together.
    """
    data.refuse_senseless()
    now = clock.now()
    starts_at = data.starts_at or now
    sanction = Sanction(
        member_id=member_id,
        kind=data.kind,
        scope=data.scope,
        thread_id=data.thread_id,
        minutes=data.minutes,
        reason=data.reason,
        rule=data.rule,
        message=data.message,
        imposed_by=actor.id,
        imposed_at=now,
        starts_at=starts_at,
        ends_at=starts_at if data.kind == NOTE else data.ends_at,
        lifted_at=now,
    )
    session.add(sanction)
    session.flush()
    return sanction


def lock(session: Session, sanction_id: int) -> Sanction:
    """A sanction, locked; raises `SanctionNotFound`."""
    lock = {"key_share": True}
    found = session.get(Sanction, sanction_id, with_for_update=lock, populate_existing=True)
    if found is None:
        raise SanctionNotFound
    return found


def set_lifted(session: Session, sanction: Sanction, lifted: bool) -> None:
    """Let a locked sanction hold no more, or hold (again); its member is told of it."""
    sanction.lifted_at = clock.now() if lifted else None
    session.flush()
    happened = SanctionLifted if lifted else SanctionImposed
    outbox.record(session, happened(sanction.id, sanction.member_id))


def see(session: Session, actor: Viewer, sanction_id: int) -> Sanction:
    """Have seen what a moderator says, which ends a warning; raises `SanctionNotFound`."""
    sanction = lock(session, sanction_id)
    if sanction.member_id != actor.id:
        raise SanctionNotFound
    if sanction.seen_at is None:
        sanction.seen_at = clock.now()
        if sanction.kind == WARN:
            sanction.ends_at = max(sanction.starts_at, sanction.seen_at)
        session.flush()
    return sanction


def forget_words(session: Session, member_id: int) -> None:
    """Destroy what was said to and about a member; that there was a sanction stays on record."""
    of_member = update(Sanction).where(Sanction.member_id == member_id)
    session.execute(of_member.values(reason="", rule=None, message=None))
