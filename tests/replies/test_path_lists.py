"""The replies of a thread on one path, as a plain list."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.community import Json
from tests.replies.conftest import Garden, one_database_for_all_examples
from tests.replies.oracle import SORTS, in_order
from tests.replies.rows import Sketch

PATHS = ("technical-path", "management-path")
few = st.integers(0, 3)
sketches = st.builds(
    Sketch,
    up=few,
    down=few,
    minute=few,
    path=st.sampled_from([*PATHS, None]),
    bridge=st.booleans(),
    gone=st.sampled_from([None, None, "deleted", "removed"]),
)


def read(garden: Garden, url: str | None) -> list[Json]:
    """The items of all pages."""
    items: list[Json] = []
    while url:
        answer: Any = garden.reader.ok("GET", url)
        items += answer["items"]
        url = answer["page"]["next"]
    return items


@one_database_for_all_examples
@given(
    replies=st.lists(sketches, max_size=12),
    path=st.sampled_from(PATHS),
    sort=st.sampled_from(SORTS),
    limit=st.integers(1, 5),
)
def test_a_path_lists_its_visible_replies_and_bridges_in_order(
    garden: Garden, replies: list[Sketch], path: str, sort: str, limit: int
) -> None:
    thread, ids = garden.plant(replies)
    planted = dict(zip(ids, replies, strict=True))
    there = [i for i, s in planted.items() if not s.gone and (s.path == path or s.bridge)]
    url = f"/threads/{thread['id']}/replies?path={path}&sort={sort}&limit={limit}"
    listed = [item["id"] for item in read(garden, url)]
    assert listed == in_order("best" if sort == "balanced" else sort, there, planted)


def test_a_path_lists_replies_from_every_depth(garden: Garden) -> None:
    nested = [Sketch(), Sketch(parent=0, path=PATHS[0]), Sketch(parent=1, path=PATHS[0])]
    thread, ids = garden.plant(nested)
    items = read(garden, f"/threads/{thread['id']}/replies?path={PATHS[0]}&sort=old")
    assert [(item["id"], item["depth"]) for item in items] == [(ids[1], 1), (ids[2], 2)]


def test_items_of_a_path_leave_nothing_out(garden: Garden) -> None:
    thread, _ = garden.plant([Sketch(path=PATHS[0]), Sketch(parent=0)])
    items = read(garden, f"/threads/{thread['id']}/replies?path={PATHS[0]}")
    assert [item["more"] for item in items] == [None]
