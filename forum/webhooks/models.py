"""Tables of webhooks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.indexes import partial_index
from forum.core.work import Due, index_of_due

WAITING, DELIVERED, FAILED, WITHHELD = "waiting", "delivered", "failed", "withheld"
STATES = (WAITING, DELIVERED, FAILED, WITHHELD)
"""Withheld: by the time of the delivery, what it tells of could not be seen any more."""


class Webhook(Due, Model):
    """An address that is called; due when a delivery is.

    While it is claimed, `due_at` is the end of the lease and not the moment that was planned. An
    empty list of paths or posts lets all pass. `attempts` are those that failed in a row.
    """

    __tablename__ = "webhooks"
    __table_args__ = (index_of_due(),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    events: Mapped[list[str]] = mapped_column(JSON)
    paths: Mapped[list[str]] = mapped_column(JSON)
    posts: Mapped[list[int]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(String(16))
    planned_at: Mapped[datetime | None]


class FormerSecret(Model):
    """A key that a webhook had, by which messages are signed as well until a moment."""

    __tablename__ = "former_webhook_secrets"
    __table_args__ = (Index(None, "webhook_id", "good_until"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    secret: Mapped[str] = mapped_column(String(64))
    good_until: Mapped[datetime]


class Delivery(Model):
    """One message to one webhook, and how far it has got; without `next_at` it is over."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_deliveries_newest", "webhook_id", "id"),
        partial_index(
            "ix_webhook_deliveries_next", "webhook_id", "next_at", where="next_at IS NOT NULL"
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id"))
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    happened_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    status: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(200))
