"""What members may not do: asked before they do it, imposed, lifted and seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.errors import Sanctioned, SanctionNotFound
from forum.accounts.events import SanctionImposed, SanctionLifted
from forum.accounts.identity import Viewer
from forum.accounts.models import NOTE, WARN, WRITING, Sanction
from forum.core import clock, outbox


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
    """Put a sanction on record that is not in force until `set_lifted` says so."""
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
    asked = select(Sanction).where(Sanction.id == sanction_id).with_for_update(key_share=True)
    found = session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise SanctionNotFound
    return found


def set_lifted(session: Session, sanction: Sanction, lifted: bool) -> None:
    """Let a locked sanction hold no more, or hold (again); its member is told of it."""
    sanction.lifted_at = clock.now() if lifted else None
    session.flush()
    happened = SanctionLifted if lifted else SanctionImposed
    outbox.record(session, happened(sanction.id, sanction.member_id))


def see(session: Session, actor: Viewer, sanction_id: int) -> None:
    """Have seen what a moderator says, which ends a warning; raises `SanctionNotFound`."""
    sanction = lock(session, sanction_id)
    if sanction.member_id != actor.id:
        raise SanctionNotFound
    if sanction.seen_at is None:
        sanction.seen_at = clock.now()
        if sanction.kind == WARN:
            sanction.ends_at = max(sanction.starts_at, sanction.seen_at)
        session.flush()
