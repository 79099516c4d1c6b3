"""Freezing what was found, and acting on it: each text for itself, wholly or not at all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import audit, clock
from forum.core.db import execute, one_at_a_time, table_of
from forum.core.errors import Forbidden, Invalid, Refusal
from forum.core.pages import Record
from forum.moderation import acting, policy
from forum.moderation.acting import Group
from forum.moderation.bulk import queries, selection
from forum.moderation.bulk.models import (
    APPROVE,
    CHANGED,
    LOCK,
    REMOVE,
    REPLIES,
    RESTORE,
    THREADS,
    UNCHANGED,
    Bulk,
    BulkItem,
)
from forum.moderation.bulk.selection import Filter
from forum.moderation.facets import Values
from forum.moderation.queue import targets
from forum.moderation.queue.decisions import decide
from forum.moderation.queue.verdicts import Verdict
from forum.moderation.text_facets import (
    NOT_HELD,
    NOT_REMOVED,
    REPLY_HELD,
    REPLY_REMOVED,
    THREAD_HELD,
    THREAD_LOCKED,
    THREAD_REMOVED,
    moment,
    removed,
)
from forum.replies.locks import lock_threads

AT_ONCE = 100
"""Texts that one request acts on: nobody else writes on SQLite meanwhile."""

DECISIVE = frozenset({REMOVE, APPROVE})
"""Actions that are decisions about what waits in the queue."""

FACETS = {
    (REPLIES, REMOVE): REPLY_REMOVED,
    (REPLIES, RESTORE): REPLY_REMOVED,
    (REPLIES, APPROVE): REPLY_HELD,
    (THREADS, REMOVE): THREAD_REMOVED,
    (THREADS, RESTORE): THREAD_REMOVED,
    (THREADS, APPROVE): THREAD_HELD,
    (THREADS, LOCK): THREAD_LOCKED,
}


@dataclass(frozen=True)
class NewBulk:
    """What is to be done, to which texts, and why."""

    action: str
    texts: str
    reason: str
    which: Filter


def freeze(session: Session, actor: Viewer, data: NewBulk) -> int:
    """Find the texts and keep which they are; gives the id. Nothing is done to them yet.

    Raises `Invalid`, `MemberNotFound` or `PostNotFound`.
    """
    _require_moderator(actor)
    if (data.texts, data.action) not in FACETS:
        raise Invalid("Only threads are locked.", pointer="/action")
    found = selection.find(session, data.texts, data.action, data.which)
    bulk = Bulk(
        moderator_id=actor.id,
        texts=data.texts,
        action=data.action,
        reason=data.reason,
        filter=_told(data.which),
        created_at=clock.now(),
    )
    session.add(bulk)
    session.flush()
    items = [{"bulk_id": bulk.id, "text_id": i, "foreseen": f} for i, f in found.items()]
    if items:
        session.connection().execute(insert(table_of(BulkItem)), items)
    frozen = {"action": data.action, "texts": data.texts, "count": len(found)}
    acting.begin(session, actor, data.reason).log("bulk.freeze", f"bulk:{bulk.id}", frozen)
    return bulk.id


def carry_out(session: Session, actor: Viewer, bulk_id: int) -> list[int]:
    """Act on the next texts of a bulk, a hundred at most; gives their ids.

    Raises `BulkNotFound`.
    """
    _require_moderator(actor)
    one_at_a_time(session, f"bulk {bulk_id}")
    bulk = queries.bulk(session, actor, bulk_id)
    waiting = queries.waiting(session, bulk_id, AT_ONCE)
    _lock_threads(session, bulk, waiting)
    if not waiting:
        audit.append_nothing(session)
    for text_id in waiting:
        outcome, group_id = _act(session, actor, bulk, text_id)
        done = {"outcome": outcome, "group_id": group_id}
        execute(session, _ITEM.where(*_key(bulk_id, text_id)).values(done))
    return waiting


def _lock_threads(session: Session, bulk: Record, text_ids: Collection[int]) -> None:
    """All at first, in everybody's order: others act on the same threads in another one."""
    if bulk.texts == THREADS:
        lock_threads(session, [], text_ids)
    else:
        lock_threads(session, text_ids)


def _act(session: Session, actor: Viewer, bulk: Record, text_id: int) -> tuple[str, int | None]:
    """What came of one text, and the group in which it was changed."""
    group = acting.begin(session, actor, bulk.reason, {"bulk": bulk.id})
    try:
        with session.begin_nested():
            _change(session, actor, group, bulk, text_id)
    except Refusal as refusal:
        audit.append_nothing(session)
        return refusal.code, None
    if group.has_acted:
        return CHANGED, group.id
    audit.append_nothing(session)
    return UNCHANGED, None


def _change(session: Session, actor: Viewer, group: Group, bulk: Record, text_id: int) -> None:
    """Act on a text; what waits in the queue about it is decided thereby."""
    facet = FACETS[bulk.texts, bulk.action]
    facet.read(session, text_id)  # locked before its items, as everybody does
    if bulk.action in DECISIVE:
        for item in queries.open_items(session, bulk.texts, text_id):
            target = targets.locked(session, item)
            revision = target.revision if target else None
            verdict = Verdict(bulk.action, item.evidence_seq, revision, reason=bulk.reason)
            decide(session, actor, item.id, verdict, group)
    before = facet.read(session, text_id)
    after = _after(bulk, before)
    if after != before:
        kind, _, _ = facet.name.partition(".")
        group.change(facet, text_id, after, f"{kind}.{bulk.action}")


def _after(bulk: Record, before: Values) -> Values:
    """How a facet is to be; what is so already stays as it is."""
    if bulk.action == RESTORE:
        return NOT_REMOVED
    if bulk.action == APPROVE:
        return NOT_HELD
    if any(before.values()):
        return before
    if bulk.action == LOCK:
        return {"locked_at": moment(clock.now()), "locked_reason": bulk.reason}
    return removed(bulk.reason, clock.now())


def _told(which: Filter) -> dict[str, Any]:
    """A filter as JSON."""
    given: Mapping[str, Any] = {n: v for n, v in vars(which).items() if v is not None}
    return {n: moment(v) if n in {"since", "until"} else v for n, v in given.items()}


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden


_ITEM = update(table_of(BulkItem))


def _key(bulk_id: int, text_id: int) -> tuple[Any, Any]:
    item = table_of(BulkItem).c
    return item.bulk_id == bulk_id, item.text_id == text_id
