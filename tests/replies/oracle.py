"""The orders of replies by the words of their definition, worked out without a database."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from tests.replies.rows import Sketch

Z = Decimal("1.281551565545")
SORTS = ("best", "new", "old", "top", "controversial", "balanced")
LANES = ("technical-path", "management-path", None)

Siblings = dict[int | None, list[int]]


def expected(sort: str, ids: Sequence[int], sketches: Sequence[Sketch]) -> Siblings:
    """The ids of the direct replies that are to be seen, by parent and in order."""
    planted = dict(zip(ids, sketches, strict=True))
    below: Siblings = defaultdict(list)
    for reply_id in sorted(planted, reverse=True):
        if planted[reply_id].gone is None or reply_id in below:
            parent = planted[reply_id].parent
            below[None if parent is None else ids[parent]].append(reply_id)
    return {parent: in_order(sort, siblings, planted) for parent, siblings in below.items()}


def in_order(sort: str, ids: Sequence[int], planted: Mapping[int, Sketch]) -> list[int]:
    """Siblings by a sort."""
    if sort == "balanced":
        return balanced(ids, planted)
    if sort == "old":
        return sorted(ids, key=lambda i: (planted[i].minute, i))
    return sorted(ids, key=lambda i: (rank(sort, planted[i]), i), reverse=True)


def balanced(ids: Sequence[int], planted: Mapping[int, Sketch]) -> list[int]:
    """Three lanes, each by `best`, dealt in turn: odd rounds T-M-rest, even rounds M-T-rest."""
    lanes = (
        in_order("best", [i for i in ids if lane_of(planted[i]) == lane], planted) for lane in LANES
    )
    dealt: list[int | None] = []
    for number, (technical, management, rest) in enumerate(zip_longest(*lanes), start=1):
        first, second = (technical, management) if number % 2 else (management, technical)
        dealt += [first, second, rest]
    return [reply_id for reply_id in dealt if reply_id is not None]


def lane_of(sketch: Sketch) -> str | None:
    """The path a reader sees; a tombstone shows none."""
    return sketch.path if sketch.gone is None else None


def rank(sort: str, sketch: Sketch) -> Any:
    """What is largest comes first."""
    if sort == "new":
        return sketch.minute
    if sort == "top":
        return sketch.up - sketch.down
    if sort == "controversial":
        return controversy(sketch.up, sketch.down)
    return wilson(sketch.up, sketch.down)


def controversy(up: int, down: int) -> float:
    """All votes to the power of how even they are."""
    return float((up + down) ** (min(up, down) / max(up, down))) if up and down else 0.0


def wilson(up: int, down: int) -> Decimal:
    """The smaller root p of (share - p)^2 = z^2 p (1 - p) / n."""
    if up == 0:
        return Decimal(0)
    n = Decimal(up + down)
    share = up / n
    a, b, c = 1 + Z * Z / n, -(2 * share + Z * Z / n), share * share
    return (-b - (b * b - 4 * a * c).sqrt()) / (2 * a)
