"""Appeals: a member asks once that a decision be reversed, and another moderator answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.core.errors import Forbidden
from forum.core.pages import Record
from forum.moderation import decisions
from forum.moderation.acting import Group
from forum.moderation.decisions import Decision
from forum.moderation.errors import AlreadyAppealed, AlreadyReversed, TooLateToAppeal
from forum.moderation.events import AppealDecided
from forum.moderation.facets import Facet, Values, register
from forum.moderation.log import queries as log
from forum.moderation.log.undoing import undo_what_stands
from forum.moderation.models import REVERSED, UPHELD, Appeal
from forum.moderation.queue.closing import ITEM_DECISION, judge_again
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import APPEAL, Evidence
from forum.moderation.queue.policy import REVERSE
from forum.moderation.queue.settling import settles
from forum.moderation.queue.verdicts import Verdict

WEIGHT = 20


def appeal(session: Session, member_id: int, group_id: int, text: str) -> Decision:
    """Ask that a decision about a member be reversed; gives the decision with the appeal.

    Raises `DecisionNotFound`, `AlreadyAppealed`, `AlreadyReversed` or `TooLateToAppeal`.
    """
    decided = decisions.decision(session, member_id, group_id)
    _refuse(decided)
    raised = raise_item(session, _concern(decided, member_id, text))
    session.add(
        Appeal(
            group_id=group_id,
            member_id=member_id,
            evidence_id=raised.evidence_id,
            text=text,
            appealed_at=clock.now(),
        )
    )
    try:
        session.flush()
    except IntegrityError as error:  # the same was asked at the same moment
        raise AlreadyAppealed from error
    return decisions.decision(session, member_id, group_id)


@settles(APPEAL)
def answer(
    session: Session, group: Group, actor: Viewer | None, item: Record, verdict: Verdict
) -> None:
    """Answer the appeals that a moderator saw in an item.

    What moderators have changed again since the decision stays as it is, though it be reversed.
    """
    if actor is None:  # an appeal is heard by a person
        raise Forbidden
    outcome = REVERSED if verdict.action == REVERSE else UPHELD
    answered = {"answer": verdict.reason, "answered_at": clock.now().isoformat()}
    for appealed in _waiting(session, item.id, verdict.evidence_seq):
        if outcome == REVERSED and log.undone_by(session, appealed.group_id) is None:
            undo_what_stands(session, group, actor, appealed.group_id, but=ITEM_DECISION)
        values = {"outcome": outcome, **answered}
        group.change(APPEAL_ANSWER, appealed.id, values, f"appeal.{outcome}")


def outcome_of(session: Session, appeal_id: int) -> str | None:
    """What became of an appeal, one of `models.OUTCOMES`; None as long as nobody has answered."""
    return session.get_one(Appeal, appeal_id).outcome


def is_reversed_in_part(session: Session, appeal_id: int) -> bool:
    """Whether some of what was decided stays although the appeal was granted."""
    latest, *_ = log.since(session, 0, {APPEAL_ANSWER.target(appeal_id)})
    return bool(log.staying(session, latest.group_id))


def forget_words(session: Session, member_id: int) -> None:
    """Destroy what a member wrote to moderators, and they to the member."""
    for appealed in session.scalars(select(Appeal).where(Appeal.member_id == member_id)):
        appealed.text, appealed.answer = "", None
        session.get_one(Evidence, appealed.evidence_id).why = {"group": appealed.group_id}
    session.flush()


def _waiting(session: Session, item_id: int, seen_seq: int) -> Sequence[Appeal]:
    seen = (Evidence.item_id == item_id, Evidence.seq <= seen_seq, Appeal.outcome.is_(None))
    appeals = select(Appeal).join(Evidence, Evidence.id == Appeal.evidence_id).where(*seen)
    return session.scalars(appeals.order_by(Appeal.id)).all()


def _refuse(decided: Decision) -> None:
    if decided.appeal is not None:
        raise AlreadyAppealed
    if decided.is_undone:
        raise AlreadyReversed
    if decided.appealable_until <= clock.now():
        raise TooLateToAppeal


def _concern(decided: Decision, member_id: int, text: str) -> Concern:
    """About the text, if it was one that was decided about, or else the member."""
    targets = [entry.target.partition(":") for entry in decided.entries]
    reply_id, thread_id = (
        next((int(number) for of, _, number in targets if of == kind), None)
        for kind in ("reply", "thread")
    )
    return Concern(
        kind=APPEAL,
        thread_id=thread_id if reply_id is None else None,
        reply_id=reply_id,
        member_id=member_id if reply_id is thread_id is None else None,
        weight=WEIGHT,
        why={"group": decided.id, "appeal": text},
        by=member_id,
        not_for=decided.first.actor_id,
    )


def _read(session: Session, appeal_id: int) -> Values:
    appealed = _locked(session, appeal_id)
    at = appealed.answered_at
    told = {"outcome": appealed.outcome, "answer": appealed.answer}
    return {**told, "answered_at": at.isoformat() if at else None}


def _write(session: Session, _actor: Viewer | None, appeal_id: int, values: Values) -> None:
    appealed, at = _locked(session, appeal_id), values["answered_at"]
    appealed.outcome, appealed.answer = values["outcome"], values["answer"]
    appealed.answered_at = datetime.fromisoformat(at) if at else None
    session.flush()
    judge_again(session, appealed.group_id)
    if appealed.outcome:
        outbox.record(session, AppealDecided(appeal_id, appealed.member_id))


def _locked(session: Session, appeal_id: int) -> Appeal:
    found = select(Appeal).where(Appeal.id == appeal_id).with_for_update(key_share=True)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _appellant(session: Session, appeal_id: int) -> int:
    return session.get_one(Appeal, appeal_id).member_id


APPEAL_ANSWER = register(Facet("appeal.answer", _read, _write, _appellant))
