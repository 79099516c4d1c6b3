"""The table of feeds whose hub has to be told."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.work import Due, index_of_due


class HubPing(Due, Model):
    """A feed that has changed since the hub was told; however often, it is one row.

    `feed` is the feed's name, which stands in its address.
    """

    __tablename__ = "hub_pings"
    __table_args__ = (index_of_due(),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    feed: Mapped[str] = mapped_column(String(200), unique=True)
    changed_at: Mapped[datetime]
