"""Texts that are found by how they begin, by an index, which has to have them in an order for it.

The order of a language, which PostgreSQL may have, is none: it passes over hyphens and case.
"""

from sqlalchemy import ColumnElement, String, and_

LAST_CHARACTER = "\U0010ffff"
"""No text begins with more than it: it is a noncharacter."""


def by_code_point(length: int) -> String:
    """Text of so many characters at most, in the order of their code points, as SQLite has it."""
    return String(length).with_variant(String(length, "C"), "postgresql")


def begins_with(
    column: ColumnElement[str | None], beginning: ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether text in a column that is ordered `by_code_point` begins so."""
    return and_(column >= beginning, column < beginning.concat(LAST_CHARACTER))
