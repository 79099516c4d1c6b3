"""When a path is missing: product.md's gap, of numbers as of columns.

Authors are counted in halves, for a bridge is one half on each path.
"""

from typing import Any

GAP_AUTHORS = 6
GAP_PERCENT = 20

GAPS = ("gap", "technical_gap", "management_gap")
"""How columns call that any path is missing, or a certain one: `in_gap`, `gap_entered_at`."""


def lacks(missing: Any, other: Any) -> Any:
    """Whether the path with `missing` halves is, where there are `other` halves on the other."""
    total = missing + other
    return (total >= 2 * GAP_AUTHORS) & (100 * missing <= GAP_PERCENT * total)


def gaps(technical: Any, management: Any) -> dict[str, Any]:
    """Which of `GAPS` there are with so many halves on each path."""
    technical_gap, management_gap = lacks(technical, management), lacks(management, technical)
    found = (technical_gap | management_gap, technical_gap, management_gap)
    return dict(zip(GAPS, found, strict=True))
