"""The first rows below each of many parents, in one query that reads only what it returns."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy.orm import Session

from forum.core.db import connection_of, is_sqlite
from forum.core.pages import Record, rows

Children = Callable[[ColumnElement[int]], Select[Any]]
"""An ordered and limited query of the one column `id`, for one parent."""


IdsBelow = Callable[[Children], Select[Any]]
"""Makes one query of such a query: the ids that it gives for each of many parents."""


class PerParent:
    """A query about the first rows below each of many parents.

    `build(ids_below)` makes it, once for each kind of database. An index serves each parent's part,
    in a correlated or lateral sub-query.
    """

    def __init__(self, build: Callable[[IdsBelow], Select[Any]]) -> None:
        self._build = build
        self._built: dict[bool, Select[Any]] = {}

    def rows(self, session: Session, parents: Sequence[int], **values: Any) -> list[Record]:
        """What it finds below `parents`."""
        on_sqlite = is_sqlite(connection_of(session))
        if on_sqlite not in self._built:
            self._built[on_sqlite] = self._build(_in_json if on_sqlite else _in_array)
        bound = orjson.dumps(parents).decode() if on_sqlite else list(parents)
        return rows(session, self._built[on_sqlite], parents=bound, **values)


def _in_json(children: Children) -> Select[Any]:
    each = func.json_each(bindparam("parents", type_=String)).table_valued("value")
    ids = children(each.c.value).correlate(each)
    candidate = ids.get_final_froms()[0].alias()
    return select(candidate.c.id).select_from(each.join(candidate, candidate.c.id.in_(ids)))


def _in_array(children: Children) -> Select[Any]:
    each = func.unnest(bindparam("parents", type_=ARRAY(BigInteger))).table_valued("value")
    each = each.render_derived()
    found = children(each.c.value).correlate(each).lateral()
    return select(found.c[0]).select_from(each.join(found, true()))
