"""How evenly the two paths are argued in a thread and below a post."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.paths.balance import balance
from tests.community import Community, Json, Person

TECHNICAL, MANAGEMENT = "technical-path", "management-path"


@pytest.mark.parametrize(
    ("technical", "management", "even", "lean"),
    [
        (3, 1, 0.5, 0.5),
        (1, 3, 0.5, -0.5),
        (6, 0, 0.0, 1.0),
        (0, 6, 0.0, -1.0),
        (5, 5, 1.0, 0.0),
        (2, 1, None, None),
        (0, 0, None, None),
    ],
)
def test_balance_and_lean_follow_the_table(
    technical: int, management: int, even: float | None, lean: float | None
) -> None:
    found = balance(2 * technical, 2 * management, 0)
    assert (found.balance, found.lean) == (even, lean)


@pytest.mark.parametrize(
    ("technical", "management", "gap"),
    [
        (5, 0, None),
        (6, 0, MANAGEMENT),
        (0, 6, TECHNICAL),
        (5, 1, MANAGEMENT),
        (8, 2, MANAGEMENT),
        (7, 2, None),
        (2, 8, TECHNICAL),
        (3, 3, None),
    ],
)
def test_the_gap_names_the_path_that_is_missing(
    technical: int, management: int, gap: str | None
) -> None:
    assert balance(2 * technical, 2 * management, 0).gap == gap


@given(technical=st.integers(0, 2000), management=st.integers(0, 2000))
def test_a_path_is_missing_with_exactly_a_fifth_or_less(technical: int, management: int) -> None:
    total = technical + management
    missing = [
        path
        for path, halves in ((TECHNICAL, technical), (MANAGEMENT, management))
        if total >= 12 and Fraction(halves, total) <= Fraction(1, 5)
    ]
    assert balance(technical, management, 0).gap == (missing[0] if missing else None)


def test_every_author_counts_once_per_path_however_much_they_write(community: Community) -> None:
    thread, writer = community.thread(), community.member()
    for _ in range(3):
        community.reply(writer, thread, path=TECHNICAL)
    assert numbers(community, thread) == (1, 0, 0)


def test_an_author_of_both_paths_counts_on_both(community: Community) -> None:
    thread, writer = community.thread(), community.member()
    community.reply(writer, thread, path=TECHNICAL)
    community.reply(writer, thread, path=MANAGEMENT)
    assert numbers(community, thread) == (1, 1, 0)


def test_a_bridge_counts_one_half_on_each_path(community: Community) -> None:
    thread = community.thread()
    bridge(community, thread)
    assert numbers(community, thread) == (0.5, 0.5, 1)


def test_a_whole_author_on_a_path_is_not_counted_half_again(community: Community) -> None:
    thread, writer = community.thread(), community.member()
    community.reply(writer, thread, path=TECHNICAL)
    bridge(community, thread, by=writer)
    assert numbers(community, thread) == (1, 0.5, 1)


def test_a_reply_counts_where_the_community_puts_it(community: Community) -> None:
    thread = community.thread()
    community.cast(community.reply(thread=thread, path=TECHNICAL), management=3)
    assert numbers(community, thread) == (0, 1, 0)


def test_a_reply_that_disappears_no_longer_counts(community: Community) -> None:
    thread, writer = community.thread(), community.member()
    reply = community.reply(writer, thread, path=TECHNICAL)
    community.reply(thread=thread, to=reply)
    writer.ok("DELETE", f"/replies/{reply['id']}")
    assert numbers(community, thread) == (0, 0, 0)


def test_an_author_counts_on_until_their_last_reply_on_the_path_disappears(
    community: Community,
) -> None:
    thread, writer = community.thread(), community.member()
    first, second = (community.reply(writer, thread, path=TECHNICAL) for _ in range(2))
    counted = []
    for reply in (first, second):
        writer.ok("DELETE", f"/replies/{reply['id']}")
        counted.append(numbers(community, thread)[0])
    assert counted == [1, 0]


def test_a_post_counts_an_author_of_several_threads_once(community: Community) -> None:
    post, writer = community.post(), community.member()
    for _ in range(2):
        community.reply(writer, community.thread(post=post), path=MANAGEMENT)
    found: Any = community.passer_by.ok("GET", f"/posts/{post['slug']}")["balance"]
    assert (found["technical"], found["management"]) == (0, 1)


def test_a_thread_tells_balance_lean_and_gap(community: Community) -> None:
    thread = community.thread()
    for path in [TECHNICAL] * 6 + [MANAGEMENT]:
        community.reply(thread=thread, path=path)
    found = community.passer_by.ok("GET", f"/threads/{thread['id']}")["balance"]
    assert found == {
        "technical": 6,
        "management": 1,
        "bridge": 0,
        "balance": pytest.approx(2 / 7),
        "lean": pytest.approx(5 / 7),
        "gap": MANAGEMENT,
    }


def bridge(community: Community, thread: Json, by: Person | None = None) -> None:
    """A reply that both paths claim."""
    reply = community.reply(by, thread)
    assert community.cast(reply, technical=3, management=3)["bridge"]


def numbers(community: Community, thread: Json) -> tuple[float, float, int]:
    """Technical, management and bridge authors of a thread."""
    found = community.passer_by.ok("GET", f"/threads/{thread['id']}")["balance"]
    return found["technical"], found["management"], found["bridge"]
