"""Tables of mail: what is to be sent, and addresses that could not be reached."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.work import Due, index_of_due


class OutgoingMail(Due, Model):
    """A mail, by who writes its letter from what; the letter itself is never stored.

    Once it is sent or given up, only `address_hash` is left of the address, and nothing of `data`.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "address_hash", "tried_at"),
        index_of_due(),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    key: Mapped[str] = mapped_column(String(128))
    letter: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str | None] = mapped_column(String(254))
    address_hash: Mapped[str] = mapped_column(String(32))
    urgent: Mapped[bool]
    queued_at: Mapped[datetime] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]


class BouncingAddress(Model):
    """An address without a mailbox behind it, by its hash; it is gone with the first success."""

    __tablename__ = "bouncing_addresses"

    address_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    bounces: Mapped[int]
