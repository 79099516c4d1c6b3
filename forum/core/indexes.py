"""Indexes over some rows of a table, whose condition both databases understand."""

from sqlalchemy import Boolean, ColumnElement, Index, column, text


def flag(name: str) -> ColumnElement[bool]:
    """A column that is true or false, in the condition of an index."""
    return ~~column(name, Boolean())  # which SQLite spells out: `name = 1`


def partial_index(
    name: str | None, *columns: str, where: str | ColumnElement[bool], unique: bool = False
) -> Index:
    """An index over the rows for which a condition holds, in SQL that both have or of `flag`s."""
    holds = text(where) if isinstance(where, str) else where
    return Index(name, *columns, unique=unique, sqlite_where=holds, postgresql_where=holds)
