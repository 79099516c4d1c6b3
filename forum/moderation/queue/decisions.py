"""Deciding about review items: one transaction, and one group of the audit log."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.core.db import execute, table_of
from forum.core.errors import Invalid
from forum.core.pages import Record
from forum.moderation import acting
from forum.moderation.acting import Group
from forum.moderation.queue import decisions_made, snapshots
from forum.moderation.queue.actions import act
from forum.moderation.queue.closing import (
    ITEM_DECISION,
    lock_item,
    outcome_of,
    raise_later_evidence,
)
from forum.moderation.queue.errors import ActionDoesNotFit, ClaimHeld, StaleClaim, TextHasChanged
from forum.moderation.queue.events import ReportsDecided, TextDecided
from forum.moderation.queue.models import REPORT, Decision
from forum.moderation.queue.policy import fits
from forum.moderation.queue.settling import settle
from forum.moderation.queue.targets import Target
from forum.moderation.queue.verdicts import Verdict


def decide(
    session: Session,
    actor: Viewer | None,
    item_id: int,
    verdict: Verdict,
    group: Group | None = None,
) -> Record:
    """Decide about an item, as a moderator or (None) as the owner; gives the decision.

    It is a group of the audit log, or part of the `group` that is given.
    Raises `ItemNotFound`, `AlreadyDecided`, `StaleClaim` or `ClaimHeld`, `TextHasChanged`,
    `ActionDoesNotFit`, `Invalid`.
    """
    item, target = lock_item(session, item_id)
    _require_open(session, item)
    _require_claim(actor, item, verdict.claim_seq)
    _require_seen(item, target, verdict)
    group = group or acting.begin(session, actor, verdict.reason)
    decision_id = _record(session, actor, group, item, target, verdict)
    author_is_told = act(session, group, item, target, verdict)
    settle(session, group, actor, item, verdict)
    for more in verdict.also:
        more.do(session, actor, group, target)
    group.change(ITEM_DECISION, item_id, {"decision": decision_id}, "queue.close")
    raise_later_evidence(session, item, verdict.evidence_seq)
    if target is not None:
        _tell(session, item, target, verdict, author_is_told)
    return decisions_made.decision_by_id(session, decision_id)


def _require_open(session: Session, item: Record) -> None:
    if item.decided_at is not None:
        raise decisions_made.already_decided(session, item.id)


def _require_claim(actor: Viewer | None, item: Record, claim_seq: int | None) -> None:
    holder_id = item.claimed_by_id if item.is_claimed else None
    if claim_seq is None:
        if holder_id is not None and (actor is None or holder_id != actor.id):
            raise ClaimHeld(holder=item.holder, expires_at=item.claimed_until)
    elif actor is None or holder_id != actor.id or item.claim_seq != claim_seq:
        raise StaleClaim


def _require_seen(item: Record, target: Target | None, verdict: Verdict) -> None:
    """That the moderator knows what the text says, and decides about what there is."""
    if verdict.evidence_seq > item.evidence_seq:
        raise Invalid(f"Must be {item.evidence_seq} at most.", pointer="/evidence_seq")
    if target is not None and verdict.revision != target.revision:
        etag = f'"{target.revision}"'
        raise TextHasChanged(headers={"ETag": etag}, current=target.said)
    if not fits(verdict.action, item, is_held=target is not None and target.is_held):
        raise ActionDoesNotFit(pointer="/action")


def _record(
    session: Session,
    actor: Viewer | None,
    group: Group,
    item: Record,
    target: Target | None,
    verdict: Verdict,
) -> int:
    """Log the decision, and keep it together with the text; gives its id."""
    author_id = target.author_id if target else item.member_id
    seen = {"evidence_seq": verdict.evidence_seq, "revision": verdict.revision}
    public = {"action": verdict.action, "kind": item.kind}
    group.log("queue.decide", f"item:{item.id}", public, seen, member_id=author_id)
    if target is not None:
        snapshots.take(session, target.thread_id, target.reply_id)
    decision = {
        "item_id": item.id,
        "group_id": group.id,
        "moderator_id": actor.id if actor else None,
        "author_id": author_id,
        "action": verdict.action,
        "reason": verdict.reason,
        **seen,
        "decided_at": clock.now(),
    }
    added = insert(table_of(Decision)).values(decision).returning(table_of(Decision).c.id)
    return int(execute(session, added).scalar_one())


def _tell(
    session: Session, item: Record, target: Target, verdict: Verdict, author_is_told: bool
) -> None:
    """Let the author and those who reported the text know what became of it."""
    about = (target.thread_id, target.reply_id)
    if author_is_told:
        outbox.record(session, TextDecided(*about, verdict.action, verdict.spoken_reason))
    if item.kind == REPORT:
        outcome = outcome_of(verdict.action)
        outbox.record(session, ReportsDecided(*about, item.id, verdict.evidence_seq, outcome))
