"""The first rows below each of many parents, in one query that reads only what it returns."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    func,
    select,
    true,
)

from forum.core.db import is_sqlite

Children = Callable[[ColumnElement[int]], Select[Any]]
"""An ordered and limited query of the one column `id`, for one parent."""


def ids_per_parent(sqlite: bool, children: Children) -> Select[Any]:
    """The ids that `children(parent)` gives for each of the parents bound as `parents`.

    An index serves each parent's part, in a correlated or lateral sub-query.
    """
    if sqlite:
        each = func.json_each(bindparam("parents", type_=String)).table_valued("value")
        ids = children(each.c.value).correlate(each)
        candidate = ids.get_final_froms()[0].alias()
        return select(candidate.c.id).select_from(each.join(candidate, candidate.c.id.in_(ids)))
    each = func.unnest(bindparam("parents", type_=ARRAY(BigInteger))).table_valued("value")
    each = each.render_derived()
    found = children(each.c.value).correlate(each).lateral()
    return select(found.c[0]).select_from(each.join(found, true()))


def bound(connection: Connection, parents: Sequence[int]) -> Any:
    """The value of `parents` as this database takes it."""
    return orjson.dumps(parents).decode() if is_sqlite(connection) else list(parents)
