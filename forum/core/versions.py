"""Versions of what every process keeps for itself: who changes it gives it a new one.

Whoever keeps it under its version reads the version alone, and the rest only when it is another.
"""

import secrets

from sqlalchemy import BigInteger, ScalarSelect, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core.db import Model, table_of
from forum.core.many import store


class Version(Model):
    """The version of what goes by a name; without a row, it was never changed."""

    __tablename__ = "versions"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


def version_of(name: str) -> ScalarSelect[int | None]:
    """The version, to be selected; NULL for what was never changed."""
    found = select(table_of(Version).c.number).where(table_of(Version).c.name == name)
    return found.scalar_subquery()


def turn(session: Session, name: str) -> None:
    """Give it a version that nothing in any database ever had."""
    store(session, Version, {"name": name, "number": secrets.randbits(62)})
