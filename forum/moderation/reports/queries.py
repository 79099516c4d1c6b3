"""Reading reports: one's own, and those that moderators judge."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.core.db import table_of
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.moderation.queue.models import AGREED, DISMISSED, Evidence
from forum.moderation.reports.models import Report

MOST_SHOWN = 100
"""Of one item."""

_REPORT, _EVIDENCE, _MEMBER = (table_of(t).c for t in (Report, Evidence, Member))
_REPORTS = table_of(Report).join(table_of(Evidence), _EVIDENCE.id == _REPORT.evidence_id)


class Judged(NamedTuple):
    """How many reports of a member were agreed with, and how many dismissed."""

    agreed: int = 0
    dismissed: int = 0


def reports_of(
    session: Session, viewer: Viewer, after: Position | None, limit: int
) -> Page[Record]:
    """One's own reports with their outcomes, newest first."""
    return _MINE.page(session, after, limit, of_reporter=viewer.id)


def report(session: Session, report_id: int) -> Record:
    """A report that is there, with its outcome."""
    return rows(session, _ONE, of_report=report_id)[0]


def has_reported(
    session: Session, reporter_id: int, thread_id: int | None, reply_id: int | None
) -> bool:
    """Whether a member has reported a reply or, without one, a thread."""
    of = {"of_thread": thread_id, "of_reply": reply_id}
    return bool(rows(session, _REPORTED, of_reporter=reporter_id, **of))


def in_item(session: Session, item_id: int) -> list[Record]:
    """The latest reports that joined an item, and who made them."""
    return rows(session, _IN_ITEM, of_item=item_id)


def weight_to_hide(session: Session, item_id: int) -> int:
    """What the reports in an item weigh together for hiding the text."""
    return int(rows(session, _WEIGHT_TO_HIDE, of_item=item_id)[0].weight)


def record_of(session: Session, reporter_ids: Collection[int]) -> dict[int, Judged]:
    """What moderators have made of the reports of members, by member; no key for none."""
    found = rows(session, _RECORD, ids=list(reporter_ids))
    return {row.reporter_id: Judged(row.agreed, row.dismissed) for row in found}


_WITH_OUTCOME = select(*_REPORT, _EVIDENCE.outcome).select_from(_REPORTS)
_MINE = Keyset(
    _WITH_OUTCOME, Order((_REPORT.id,)), Within(_REPORT.reporter_id, bindparam("of_reporter"))
)
_ONE = _WITH_OUTCOME.where(_REPORT.id == bindparam("of_report"))
_REPORTED = select(_REPORT.id).where(
    _REPORT.reporter_id == bindparam("of_reporter"),
    or_(_REPORT.reply_id == bindparam("of_reply"), _REPORT.thread_id == bindparam("of_thread")),
)
_IN_ITEM = (
    select(*_REPORT, _EVIDENCE.seq, _EVIDENCE.weight, _EVIDENCE.revision, _MEMBER.username)
    .select_from(_REPORTS.join(table_of(Member), _MEMBER.id == _REPORT.reporter_id))
    .where(_EVIDENCE.item_id == bindparam("of_item"))
    .order_by(_EVIDENCE.seq.desc())
    .limit(MOST_SHOWN)
)
_WEIGHT_TO_HIDE = (
    select(func.coalesce(func.sum(_REPORT.weight_to_hide), 0).label("weight"))
    .select_from(_REPORTS)
    .where(_EVIDENCE.item_id == bindparam("of_item"))
)
_RECORD = (
    select(
        _REPORT.reporter_id,
        *(
            func.count().filter(_EVIDENCE.outcome == outcome).label(outcome)
            for outcome in (AGREED, DISMISSED)
        ),
    )
    .select_from(_REPORTS)
    .where(
        _REPORT.reporter_id.in_(bindparam("ids", expanding=True)), _EVIDENCE.outcome.is_not(None)
    )
    .group_by(_REPORT.reporter_id)
)
