"""Reporting: a report joins the item of its target; enough of them hide it until it is decided."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import REPORTING
from forum.accounts.sanctions import refuse_barred
from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.db import execute, table_of
from forum.core.pages import Record
from forum.moderation import acting
from forum.moderation.queue import decisions_made
from forum.moderation.queue.events import HiddenByReports
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import REPORT
from forum.moderation.queue.targets import Target
from forum.moderation.reports import queries
from forum.moderation.reports.errors import AlreadyReported, SelfReport
from forum.moderation.reports.models import Report
from forum.moderation.reports.queries import Judged
from forum.moderation.reports.weights import HIDING, unproven_by, weight_of
from forum.replies import commands as replies
from forum.threads import commands as threads

WHY_HIDDEN = "Readers have reported it."


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a text, in one of the known words and perhaps in one's own."""

    reason: str
    note: str | None = None


def report_reply(session: Session, actor: Viewer, reply_id: int, complaint: Complaint) -> Record:
    """Report a reply to the moderators.

    Raises `ReplyNotFound`, `ReplyIsGone`, `SelfReport`, `AlreadyReported`, `Sanctioned`.
    """
    refuse_barred(actor, REPORTING)
    reply = replies.lock_with_thread(session, reply_id)
    replies.require_visible(reply)
    return _report(session, actor, Target("reply", reply), complaint)


def report_thread(session: Session, actor: Viewer, thread_id: int, complaint: Complaint) -> Record:
    """Report what a thread begins with to the moderators.

    Raises `ThreadNotFound`, `ThreadIsGone`, `SelfReport`, `AlreadyReported`, `Sanctioned`.
    """
    refuse_barred(actor, REPORTING)
    thread = threads.lock_row(session, thread_id)
    threads.require_visible(thread)
    return _report(session, actor, Target("thread", thread), complaint)


def forget_notes(session: Session, reporter_id: int) -> None:
    """Destroy what a member wrote with reports; that they were made stays."""
    mine = update(table_of(Report)).where(table_of(Report).c.reporter_id == reporter_id)
    execute(session, mine.values(note=None))


def _report(session: Session, actor: Viewer, target: Target, complaint: Complaint) -> Record:
    """Its thread is locked, so nobody else reports the same text meanwhile."""
    if target.author_id == actor.id:
        raise SelfReport
    own_thread_id = None if target.reply_id else target.thread_id
    if queries.has_reported(session, actor.id, own_thread_id, target.reply_id):
        raise AlreadyReported
    record = queries.record_of(session, [actor.id]).get(actor.id, Judged())
    weight, unproven = weight_of(*record), _unproven(session, actor)
    why = {"reason": complaint.reason, **({"hides_nothing": unproven} if unproven else {})}
    raised = raise_item(session, _concern(target, weight, why, actor.id))
    values = {
        "reporter_id": actor.id,
        "thread_id": own_thread_id,
        "reply_id": target.reply_id,
        "reason": complaint.reason,
        "note": complaint.note,
        "weight_to_hide": 0 if unproven else weight,
        "created_at": clock.now(),
        "evidence_id": raised.evidence_id,
    }
    added = insert(table_of(Report)).values(values).returning(table_of(Report).c.id)
    report_id = execute(session, added).scalar_one()
    _hide_if_enough(session, target, raised.item_id)
    return queries.report(session, report_id)


def _unproven(session: Session, actor: Viewer) -> list[str]:
    account_is = clock.now() - accounts.member_by_id(session, actor.id).created_at
    return unproven_by(settings_of(session), account_is, is_confirmed=actor.email_confirmed)


def _hide_if_enough(session: Session, target: Target, item_id: int) -> None:
    """Hold what reports outweigh, but nothing that moderators wrote or have approved as it is."""
    enough = settings_of(session).report_weight_to_hide
    if not enough or (weight := queries.weight_to_hide(session, item_id)) < enough:
        return
    author = viewer_of(accounts.member_by_id(session, target.author_id))
    if author.is_moderator or decisions_made.is_approved(
        session, target.thread_id, target.reply_id, target.revision
    ):
        return
    why = {"hidden": "by reports", "weight": weight, "enough": enough}
    raise_item(session, _concern(target, HIDING, why, None))
    target.hold(acting.begin(session, None, WHY_HIDDEN))
    outbox.record(session, HiddenByReports(target.thread_id, target.reply_id))


def _concern(target: Target, weight: int, why: dict[str, Any], by: int | None) -> Concern:
    return Concern(REPORT, target.thread_id, target.reply_id, weight, why, by)
