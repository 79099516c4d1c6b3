"""What can happen to a text after it was written: independent facts, each with its own time.

It is *visible* while none of them holds. The database derives `visible` from the facts, so that
the two cannot drift apart and indexes can hold only what is visible.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Computed, String, case, or_
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.base import ReadOnlyColumnCollection

FACTS = ("deleted_at", "removed_at", "held_at", "purged_at")
VISIBLE_SQL = " AND ".join(f"{fact} IS NULL" for fact in FACTS)


class Lifecycle:
    """Columns of a table whose rows can be deleted, removed, held and purged."""

    deleted_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None] = mapped_column(String(500))
    held_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    turned_at: Mapped[datetime | None]
    """When `visible` last turned; None for what always or never was."""
    visible: Mapped[bool] = mapped_column(Computed(VISIBLE_SQL, persisted=True))


def is_visible(row: Any) -> bool:
    """Whether none of the facts holds, also where the database has not derived it yet."""
    return not any(getattr(row, fact) for fact in FACTS)


def change(row: Any, values: Mapping[str, Any]) -> None:
    """Set columns of a row, by name."""
    for name, value in values.items():
        setattr(row, name, value)


def waits(row: Any) -> bool:
    """Whether nothing but being held from its beginning keeps it from its readers."""
    others = (fact for fact in FACTS if fact != "held_at")
    return was_never_seen(row) and not any(getattr(row, fact) for fact in others)


def was_never_seen(row: Any) -> bool:
    """Whether it was hidden from the beginning, as what is held before anybody reads it."""
    return not is_visible(row) and row.turned_at is None


def state_of(column: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[str]:
    """`visible`, `held`, `removed` or `deleted`: the strongest fact that holds, as `state`."""
    return case(
        (column.visible, "visible"),
        (or_(column.deleted_at.is_not(None), column.purged_at.is_not(None)), "deleted"),
        (column.removed_at.is_not(None), "removed"),
        else_="held",
    ).label("state")


def each_visibility(table: type[Lifecycle]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Visible, and not: for who wants rows of both kinds, of which indexes hold one each."""
    return cast(ColumnElement[bool], table.visible), ~cast(ColumnElement[bool], table.visible)
