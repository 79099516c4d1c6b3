"""Tables of the queue: items, the evidence that brought them there, and what was decided.

An item, and the text that somebody saw, is about one thread, one reply or one member.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.indexes import partial_index

REPORT, HELD, RULE, DISPUTE, APPEAL = "report", "held", "rule", "dispute", "appeal"
KINDS = (REPORT, HELD, RULE, DISPUTE, APPEAL)

OPEN, DECIDED = "open", "decided"
STATES = (OPEN, DECIDED)

AGREED, DISMISSED = "agreed", "dismissed"
"""What became of a piece of evidence: moderators acted on it, or saw nothing wrong."""

TARGETS = ("thread_id", "reply_id", "member_id")


def _one_of(*columns: str) -> CheckConstraint:
    known = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{' + '.join(known)} = 1", name="one_target")


def _one_open(target: str) -> Index:
    """Of a kind, at most one open item is about the same."""
    name = f"uq_review_items_open_{target}"
    return partial_index(name, target, "kind", unique=True, where="decided_at IS NULL")


def _sorted(name: str, state: str, *columns: str) -> Index:
    where = "decided_at IS NULL" if state == OPEN else "decided_at IS NOT NULL"
    return partial_index(f"ix_review_items_{state}_{name}", *columns, "id", where=where)


class ReviewItem(Model):
    """One thing to decide.

    `weight` is the sum of its evidence, and `evidence_seq` numbers the latest piece of it.
    `claim_seq` rises with every claim, so that it tells a claim from any later one; the claim
    lasts until `claimed_until` by the clock of the database. Who is `not_for_id` leaves it to
    others, as long as there are others.
    """

    __tablename__ = "review_items"
    __table_args__ = (
        _one_of(*TARGETS),
        CheckConstraint("weight >= 0 AND evidence_seq >= 0 AND claim_seq >= 0", name="numbers"),
        *map(_one_open, TARGETS),
        *(_sorted("urgent", state, "urgency") for state in STATES),
        *(_sorted("oldest", state, "opened_at") for state in STATES),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    opened_at: Mapped[datetime]
    weight: Mapped[int] = mapped_column(default=0)
    urgency: Mapped[int] = mapped_column(Computed("-weight", persisted=True))
    evidence_seq: Mapped[int] = mapped_column(default=0)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    claimed_until: Mapped[datetime | None]
    claim_seq: Mapped[int] = mapped_column(default=0)
    not_for_id: Mapped[int | None] = mapped_column(Identifier)
    decided_at: Mapped[datetime | None]


class Evidence(Model):
    """Why an item is in the queue: a report, what a rule caught, a dispute, an appeal.

    `by_id` is the member who brought it, None for the forum itself.
    """

    __tablename__ = "review_evidence"
    __table_args__ = (UniqueConstraint("item_id", "seq"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"))
    seq: Mapped[int]
    weight: Mapped[int]
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    rule_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    revision: Mapped[str | None] = mapped_column(String(16))
    at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(16))


class Snapshot(Model):
    """A text as it was when somebody complained of it or decided about it."""

    __tablename__ = "snapshots"
    __table_args__ = (
        _one_of("thread_id", "reply_id"),
        UniqueConstraint("thread_id", "revision"),
        UniqueConstraint("reply_id", "revision"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("threads.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    revision: Mapped[str] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime] = mapped_column(index=True)


class Decision(Model):
    """What a moderator did about an item; `group_id` finds it in the log, where it can be undone.

    `moderator_id` is None where the owner decided by the command line.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_of_author", "author_id", "id"),
        Index("ix_decisions_decided_at", "decided_at", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"), index=True)
    group_id: Mapped[int] = mapped_column(Identifier, index=True)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    action: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    revision: Mapped[str | None] = mapped_column(String(16))
    evidence_seq: Mapped[int]
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
