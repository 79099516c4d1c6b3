"""Bringing things before the moderators: what is raised again joins the item that waits."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import execute, table_of
from forum.core.many import among, insert_into
from forum.moderation.queue import snapshots
from forum.moderation.queue.models import Evidence, ReviewItem


@dataclass(frozen=True)
class Concern:
    """What is wrong with a reply, or else with a thread, or else about a member.

    `weight` is how urgent it makes the item: 10 is a report by somebody new, 0 what nobody has to
    decide, but may. `why` tells people the reason in plain values; the watch rule that caught it
    stands there as `rule_id`. `by` is the member who brings it, None for the forum itself;
    `not_for` the moderator who shall leave it to others.
    """

    kind: str
    thread_id: int | None
    reply_id: int | None
    weight: int
    why: dict[str, Any] = field(default_factory=dict)
    by: int | None = None
    member_id: int | None = None
    not_for: int | None = None

    @property
    def target(self) -> tuple[str, int]:
        """The innermost thing it is about: a column of the item, and the id in it."""
        for column in ("reply_id", "thread_id", "member_id"):
            found: int | None = getattr(self, column)
            if found is not None:
                return column, found
        raise TypeError("a concern about nothing")


@dataclass(frozen=True)
class Raised:
    """The item that a concern has opened or joined, and its evidence in it."""

    item_id: int
    seq: int
    weight: int
    evidence_id: int


def raise_item(session: Session, concern: Concern) -> Raised:
    """Let moderators decide about a concern: in the one open item of its target and kind.

    What it is about must be locked, if anything of it is changed as well.
    """
    item = _joined(session, concern)
    evidence_id = _add_evidence(session, item.id, item.evidence_seq, concern)
    return Raised(item.id, item.evidence_seq, item.weight, evidence_id)


def follow(session: Session, former: tuple[str, int], present: tuple[str, int]) -> None:
    """Let what is open about a text be about what a moderator has made of it.

    Both are a column of the item, and the id in it.
    """
    table = table_of(ReviewItem)
    is_open = (table.c[former[0]] == former[1]) & table.c.decided_at.is_(None)
    execute(session, update(table).where(is_open).values({former[0]: None, present[0]: present[1]}))


def withdraw(session: Session, concern: Concern) -> None:
    """Close the item that a concern is in, if nothing in it weighs: nobody had to decide it."""
    column, target_id = concern.target
    table = table_of(ReviewItem)
    item = (table.c[column] == target_id, table.c.kind == concern.kind)
    closed = {"decided_at": clock.now(), "claimed_by_id": None, "claimed_until": None}
    weightless = update(table).where(*item, table.c.decided_at.is_(None), table.c.weight == 0)
    execute(session, weightless.values(closed))


def forget_words(session: Session, thread_ids: Collection[int], reply_ids: Collection[int]) -> None:
    """Forget what watch rules have found in some texts, whose words go for good."""
    of_threads = among(session, ReviewItem.thread_id, thread_ids)
    about = of_threads | among(session, ReviewItem.reply_id, reply_ids)
    found = update(Evidence).where(
        Evidence.rule_id.is_not(None), Evidence.item_id.in_(select(ReviewItem.id).where(about))
    )
    session.execute(found.values(why={}).execution_options(synchronize_session=False))


def _joined(session: Session, concern: Concern) -> Any:
    """Open an item or, if one is open, make it weigh more: one statement, whoever else raises."""
    column, target_id = concern.target
    table = table_of(ReviewItem)
    opened = insert_into(session, ReviewItem).values(
        {
            "kind": concern.kind,
            column: target_id,
            "opened_at": clock.now(),
            "weight": concern.weight,
            "evidence_seq": 1,
            "claim_seq": 0,
            "not_for_id": concern.not_for,
        }
    )
    joined = opened.on_conflict_do_update(
        index_elements=[table.c[column], table.c.kind],
        index_where=text("decided_at IS NULL"),
        set_={
            "weight": table.c.weight + concern.weight,
            "evidence_seq": table.c.evidence_seq + 1,
        },
    )
    return execute(
        session, joined.returning(table.c.id, table.c.evidence_seq, table.c.weight)
    ).one()


def _add_evidence(session: Session, item_id: int, seq: int, concern: Concern) -> int:
    thread_id = concern.thread_id if concern.reply_id is None else None
    evidence = {
        "item_id": item_id,
        "seq": seq,
        "weight": concern.weight,
        "why": concern.why,
        "by_id": concern.by,
        "rule_id": concern.why.get("rule_id"),
        "revision": snapshots.take(session, thread_id, concern.reply_id),
        "at": clock.now(),
    }
    added = insert(table_of(Evidence)).values(evidence).returning(table_of(Evidence).c.id)
    return int(execute(session, added).scalar_one())
