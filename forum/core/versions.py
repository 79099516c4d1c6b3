"""Versions of what every process keeps for itself: who changes it gives it a new one.

Whoever keeps it under its version reads the version alone, and the rest only when it is another.
A statement of another purpose can read the version along, and note it for the rest of a request.
"""

import secrets

from sqlalchemy import BigInteger, ScalarSelect, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core.db import Model, table_of
from forum.core.many import store

WATCHED = "watched"
"""What texts are looked at for."""

UNKNOWN = -1
"""Stands for a version that nobody has noted; none is negative."""


class Version(Model):
    """The version of what goes by a name; without a row, it was never changed."""

    __tablename__ = "versions"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


def version_of(name: str) -> ScalarSelect[int | None]:
    """The version, to be selected; NULL for what was never changed."""
    found = select(table_of(Version).c.number).where(table_of(Version).c.name == name)
    return found.scalar_subquery()


def note(session: Session, name: str, number: int | None) -> None:
    """Remember a version that was read along."""
    session.info[name] = number


def noted(session: Session, name: str) -> int | None:
    """The version that was read along, or `UNKNOWN`."""
    number: int | None = session.info.get(name, UNKNOWN)
    return number


def turn(session: Session, name: str) -> None:
    """Give it a version that nothing in any database ever had."""
    store(session, Version, {"name": name, "number": secrets.randbits(62)})
