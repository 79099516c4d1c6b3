"""Reading trees of replies in pieces: nothing is missed, nothing comes twice, all in order."""

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.community import Json, Person
from tests.replies.conftest import Garden, one_database_for_all_examples
from tests.replies.oracle import SORTS, Siblings, expected
from tests.replies.rows import Sketch
from tests.statements import recorded

DEEPEST = 19
PATHS = ("technical-path", "management-path", None)
GONE = (None, None, None, "deleted", "removed")

Trees = list[Sketch]


@st.composite
def trees(draw: st.DrawFn) -> Trees:
    """Replies below each other in any shape, with votes, paths and tombstones."""
    few = st.integers(0, 3)
    sketches: Trees = []
    depths: list[int] = []
    for number in range(draw(st.integers(0, 15))):
        parent = draw(st.sampled_from([None, *range(number)]))
        if parent is not None and depths[parent] == DEEPEST:
            parent = sketches[parent].parent
        depths.append(0 if parent is None else depths[parent] + 1)
        sketches.append(
            Sketch(
                parent=parent,
                up=draw(few),
                down=draw(few),
                path=draw(st.sampled_from(PATHS)),
                gone=draw(st.sampled_from(GONE)),
                minute=draw(few),
            )
        )
    return sketches


shapes = st.fixed_dictionaries(
    {
        "sort": st.sampled_from(SORTS),
        "limit": st.integers(1, 5) | st.just(50),
        "children": st.integers(0, 3) | st.just(20),
        "depth": st.integers(0, 3) | st.just(10),
    }
)


def address(thread: Json, **shape: Any) -> str:
    return f"/threads/{thread['id']}/replies?{urlencode(shape)}"


def read_everything(person: Person, url: str) -> Siblings:
    """The ids of direct replies by parent, as they come to who follows every `more` and `next`."""
    siblings: Siblings = defaultdict(list)
    waiting = [url]
    while waiting:
        answer = person.ok("GET", waiting.pop())
        for node in answer["items"]:
            siblings[node["parent_id"]].append(node["id"])
        following = [answer["page"], *(node["more"] for node in answer["items"] if node["more"])]
        waiting += [link["next"] for link in following if link["next"]]
    return siblings


@one_database_for_all_examples
@given(sketches=trees(), shape=shapes)
def test_following_every_link_gives_every_reply_once_and_in_order(
    garden: Garden, sketches: Trees, shape: Json
) -> None:
    thread, ids = garden.plant(sketches)
    read = read_everything(garden.reader, address(thread, **shape))
    assert read == expected(shape["sort"], ids, sketches)


@one_database_for_all_examples
@given(sketches=trees(), shape=shapes)
def test_an_answer_keeps_to_the_bounds_it_was_given(
    garden: Garden, sketches: Trees, shape: Json
) -> None:
    thread, _ = garden.plant(sketches)
    nodes = garden.reader.ok("GET", address(thread, **shape))["items"]
    siblings = Counter(node["parent_id"] for node in nodes)
    assert siblings.pop(None, 0) <= shape["limit"]
    assert all(number <= shape["children"] for number in siblings.values())
    assert all(node["depth"] <= shape["depth"] for node in nodes)


@one_database_for_all_examples
@given(sketches=trees(), shape=shapes)
def test_every_cut_says_how_many_direct_replies_it_leaves_out(
    garden: Garden, sketches: Trees, shape: Json
) -> None:
    thread, ids = garden.plant(sketches)
    nodes = garden.reader.ok("GET", address(thread, **shape))["items"]
    there = expected(shape["sort"], ids, sketches)
    shown = Counter(node["parent_id"] for node in nodes)
    for node in nodes:
        left_out = len(there.get(node["id"], [])) - shown[node["id"]]
        assert (node["more"]["count"] if node["more"] else 0) == left_out


@one_database_for_all_examples
@given(sketches=trees(), shape=shapes)
def test_nodes_come_in_reading_order(garden: Garden, sketches: Trees, shape: Json) -> None:
    thread, _ = garden.plant(sketches)
    branch: list[int] = []
    for node in garden.reader.ok("GET", address(thread, **shape))["items"]:
        del branch[node["depth"] :]
        assert (branch[-1] if branch else None) == node["parent_id"]
        branch.append(node["id"])


@one_database_for_all_examples
@given(sketches=trees(), data=st.data())
def test_a_subtree_reads_like_the_same_part_of_the_thread(
    garden: Garden, sketches: Trees, data: st.DataObject
) -> None:
    _, ids = garden.plant([Sketch(), *sketches])
    there = expected("best", ids, [Sketch(), *sketches])
    root = data.draw(st.sampled_from([i for siblings in there.values() for i in siblings]))
    read = read_everything(garden.reader, f"/replies/{root}/replies?limit=2&children=1&depth=2")
    below: Siblings = {}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        if parent in there:
            below[parent] = there[parent]
            waiting += there[parent]
    assert read == below


def test_an_answer_holds_500_nodes_at_the_most(garden: Garden) -> None:
    top = [Sketch() for _ in range(30)]
    below = [Sketch(parent=index % 30) for index in range(600)]
    thread, _ = garden.plant([*top, *below])
    nodes = garden.reader.ok("GET", address(thread, limit=50, children=20, depth=10))["items"]
    left_out = sum(node["more"]["count"] for node in nodes if node["more"])
    assert (len(nodes), left_out) == (500, 130)


def test_an_answer_takes_one_query_more_for_each_level(garden: Garden, app: Flask) -> None:
    counted = [queries(garden, app, bushy(wide=2), depth) for depth in range(5)]
    assert [more - less for less, more in pairwise(counted)] == [1] * 4


@pytest.mark.parametrize("sort", SORTS)
def test_an_answer_takes_as_many_queries_whatever_it_holds(
    garden: Garden, app: Flask, sort: str
) -> None:
    small, large = (queries(garden, app, bushy(wide), 4, sort) for wide in (1, 3))
    assert small == large


def bushy(wide: int) -> Trees:
    """Five levels on which everybody gets so many answers."""
    sketches = [Sketch() for _ in range(wide)]
    level = list(range(wide))
    for _ in range(4):
        first = len(sketches)
        sketches += [Sketch(parent=parent) for parent in level for _ in range(wide)]
        level = list(range(first, len(sketches)))
    return sketches


def queries(garden: Garden, app: Flask, sketches: Trees, depth: int, sort: str = "best") -> int:
    """How many statements it takes to answer a member."""
    thread, _ = garden.plant(sketches)
    with recorded(app) as sent:
        garden.reader.ok("GET", address(thread, depth=depth, sort=sort))
    return len(sent)
