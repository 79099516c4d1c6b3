"""Lists of the threads below a post."""

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json
from tests.databases import on_one_database

SORTS = ["hot", "best", "new", "old", "top", "active"]


@pytest.fixture
def post(community: Community) -> Json:
    return community.post(slug="ladders")


def vote(community: Community, thread: Json, *values: int) -> None:
    for value in values:
        community.member().ok("PUT", f"/threads/{thread['id']}/vote", {"value": value})


def ids(page: Json) -> list[int]:
    return [item["id"] for item in page["items"]]


def listed(community: Community, query: str = "") -> list[int]:
    return ids(community.passer_by.ok("GET", f"/posts/ladders/threads?{query}"))


def test_new_and_old_go_by_the_time_of_opening(community: Community, post: Json) -> None:
    threads = [community.thread(post=post)["id"] for _ in range(3)]
    assert listed(community, "sort=old") == threads
    assert listed(community, "sort=new") == threads[::-1]


def test_top_goes_by_score_and_best_by_confidence(community: Community, post: Json) -> None:
    loved, disputed, praised, disliked = (community.thread(post=post) for _ in range(4))
    vote(community, loved, 1, 1, 1)
    vote(community, disputed, 1, 1, 1, 1, -1)
    vote(community, praised, 1)
    vote(community, disliked, -1)
    by_score = listed(community, "sort=top")
    assert set(by_score[:2]) == {loved["id"], disputed["id"]}
    assert by_score[2:] == [praised["id"], disliked["id"]]
    expected = [loved, disputed, praised, disliked]
    assert listed(community, "sort=best") == [thread["id"] for thread in expected]


def test_active_goes_by_the_latest_reply(
    community: Community, post: Json, let_pass: LetPass
) -> None:
    answered, silent = community.thread(post=post), community.thread(post=post)
    let_pass(hours=1)
    community.reply(thread=answered)
    assert listed(community, "sort=active") == [answered["id"], silent["id"]]


def test_hot_weighs_votes_against_age(community: Community, post: Json, let_pass: LetPass) -> None:
    old, old_and_loved = community.thread(post=post), community.thread(post=post)
    vote(community, old_and_loved, *[1] * 10)
    let_pass(hours=12)
    new = community.thread(post=post)
    expected = [old_and_loved["id"], new["id"], old["id"]]
    assert listed(community, "sort=hot") == expected
    let_pass(hours=1)
    newer = community.thread(post=post)
    assert listed(community, "sort=hot") == [newer["id"], *expected]


def test_hot_is_the_sort_unless_told(community: Community, post: Json) -> None:
    first, second = community.thread(post=post), community.thread(post=post)
    vote(community, first, *[1] * 10)
    assert listed(community) == listed(community, "sort=hot") == [first["id"], second["id"]]


def test_pinned_threads_come_first_in_hot(community: Community, post: Json) -> None:
    pinned, other = community.thread(post=post), community.thread(post=post)
    vote(community, other, *[1] * 3)
    moderator = community.moderator()
    assert moderator.ok("PUT", f"/threads/{pinned['id']}/pin")["pinned"]
    assert listed(community) == [pinned["id"], other["id"]]
    assert not moderator.ok("DELETE", f"/threads/{pinned['id']}/pin")["pinned"]
    assert listed(community) == [other["id"], pinned["id"]]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_threads_make_the_list(community: Community, post: Json, sort: str) -> None:
    threads = [community.thread(post=post) for _ in range(5)]
    vote(community, threads[1], 1)
    vote(community, threads[3], -1)
    whole = listed(community, f"sort={sort}")
    page = community.passer_by.ok("GET", f"/posts/ladders/threads?sort={sort}&limit=2")
    found = ids(page)
    while page["page"]["next"]:
        page = community.passer_by.ok("GET", page["page"]["next"])
        found += ids(page)
    assert found == whole
    assert len(whole) == 5


def test_only_threads_of_the_post_are_listed(community: Community, post: Json) -> None:
    community.thread()
    thread = community.thread(post=post)
    assert listed(community) == [thread["id"]]


def test_answered_threads_stay_listed_as_tombstones(community: Community, post: Json) -> None:
    author = community.member()
    thread = community.thread(author, post)
    community.reply(thread=thread)
    author.delete(f"/threads/{thread['id']}")
    items = community.passer_by.ok("GET", "/posts/ladders/threads")["items"]
    assert [(item["id"], item["state"]) for item in items] == [(thread["id"], "deleted")]


def test_readers_see_their_own_votes(community: Community, post: Json) -> None:
    voter = community.member()
    threads = [community.thread(post=post) for _ in range(3)]
    voter.ok("PUT", f"/threads/{threads[0]['id']}/vote", {"value": 1})
    voter.ok("PUT", f"/threads/{threads[1]['id']}/vote", {"value": -1})
    items = voter.ok("GET", "/posts/ladders/threads?sort=old")["items"]
    assert [item["my_vote"] for item in items] == [1, -1, None]


@pytest.mark.usefixtures("post")
def test_passers_by_are_told_of_no_votes_of_theirs(community: Community, post: Json) -> None:
    community.thread(post=post)
    items = community.passer_by.ok("GET", "/posts/ladders/threads")["items"]
    assert "my_vote" not in items[0]


def test_there_must_be_a_post(community: Community) -> None:
    assert community.passer_by.get("/posts/nowhere/threads").status_code == 404


@on_one_database
@pytest.mark.usefixtures("post")
@pytest.mark.parametrize(
    ("parameter", "value"),
    [("sort", "controversial"), ("path", "technical-path"), ("limit", "101"), ("page", "2")],
)
def test_what_does_not_fit_is_pointed_at(community: Community, parameter: str, value: str) -> None:
    answer = community.passer_by.get(f"/posts/ladders/threads?{parameter}={value}")
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, f"?{parameter}")
