"""Validators, and what caches may keep."""

import pytest

from tests.community import API, Community, Json, Person


@pytest.fixture
def reply(community: Community) -> Json:
    return community.reply(path="technical-path")


def addresses(community: Community, reply: Json) -> list[str]:
    """Everything that can be read and was answered with 200."""
    thread = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}")
    posts = community.passer_by.ok("GET", "/posts")["items"]
    slug = next(post["slug"] for post in posts if post["id"] == thread["post_id"])
    return [
        f"{API}/posts",
        f"{API}/posts/{slug}",
        f"{API}/posts/{slug}/threads",
        f"{API}/posts/lookup?url={posts[0]['url']}",
        f"{API}/posts/counts?url={posts[0]['url']}",
        f"{API}/threads/{thread['id']}",
        f"{API}/threads/{thread['id']}/replies",
        f"{API}/threads/{thread['id']}/replies?path=technical-path",
        f"{API}/replies/{reply['id']}",
        f"{API}/replies/{reply['id']}/replies",
        f"{API}/replies/{reply['id']}/context",
        f"{API}/replies/{reply['id']}/revisions",
        f"{API}/replies/{reply['id']}/path",
        f"{API}/users/{reply['author']['username']}",
        f"{API}/users/{reply['author']['username']}/replies",
    ]


def test_a_condition_on_changes_keeps_nobody_from_reading(
    community: Community, reply: Json
) -> None:
    for reader in (community.passer_by, community.member()):
        for address in addresses(community, reply):
            assert reader.get(address, headers={"If-Match": '"another"'}).status_code == 200


def test_whoever_has_the_present_state_gets_it_not_again(community: Community, reply: Json) -> None:
    for reader in (community.passer_by, community.member()):
        for address in addresses(community, reply):
            seen = reader.get(address).headers["ETag"]
            again = reader.get(address, headers={"If-None-Match": seen})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", seen)


def test_an_older_state_gets_the_present_one(community: Community, reply: Json) -> None:
    address = f"/replies/{reply['id']}"
    seen = community.passer_by.get(address).headers["ETag"]
    community.member().ok("PUT", address + "/vote", {"value": 1})
    answer = community.passer_by.get(address, headers={"If-None-Match": seen})
    assert (answer.status_code, answer.json["votes"]["score"]) == (200, 1)


def test_one_of_several_states_may_be_the_present_one(community: Community, reply: Json) -> None:
    address = f"/replies/{reply['id']}"
    seen = community.passer_by.get(address).headers["ETag"]
    for known in (f'"old", {seen}', f"W/{seen}", "*"):
        answer = community.passer_by.get(address, headers={"If-None-Match": known})
        assert answer.status_code == 304


def test_head_tells_what_get_would(community: Community, reply: Json) -> None:
    address = f"/replies/{reply['id']}"
    got, told = community.passer_by.get(address), community.passer_by.call("HEAD", address)
    assert (told.status_code, told.data) == (200, b"")
    assert told.headers["ETag"] == got.headers["ETag"]


def test_answers_to_members_are_private(community: Community, reply: Json) -> None:
    member = community.member()
    for address in addresses(community, reply):
        cached = member.get(address).headers["Cache-Control"]
        assert "private" in cached
        assert "public" not in cached


def test_answers_to_passers_by_may_be_shared(community: Community, reply: Json) -> None:
    for address in addresses(community, reply):
        assert "public" in community.passer_by.get(address).headers["Cache-Control"]


def test_caches_tell_members_and_passers_by_apart(community: Community, reply: Json) -> None:
    for reader in (community.passer_by, community.member()):
        for address in addresses(community, reply):
            assert "Authorization" in reader.get(address).vary


def test_not_modified_says_who_may_keep_it(community: Community, reply: Json) -> None:
    member, address = community.member(), f"/replies/{reply['id']}"
    headers = {"If-None-Match": member.get(address).headers["ETag"]}
    answer = member.get(address, headers=headers)
    assert "private" in answer.headers["Cache-Control"]
    assert "Authorization" in answer.vary


def test_no_cache_keeps_the_answer_to_a_write(community: Community, reply: Json) -> None:
    answer = community.member().put(f"/replies/{reply['id']}/vote", {"value": 1})
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_cache_keeps_a_members_own_account(community: Community) -> None:
    assert "private" in community.member().get("/me").headers["Cache-Control"]


def test_a_passer_by_reads_at_once_what_was_written(community: Community) -> None:
    thread, author = community.thread(), community.member()
    address = f"/threads/{thread['id']}/replies"
    assert community.passer_by.ok("GET", address)["items"] == []
    reply = community.reply(author, thread)
    assert len(community.passer_by.ok("GET", address)["items"]) == 1
    author.delete(f"/replies/{reply['id']}")
    assert community.passer_by.ok("GET", address)["items"] == []


def readers_of(community: Community) -> list[Person]:
    return [community.passer_by, community.member()]


def test_a_list_that_goes_on_says_where(community: Community) -> None:
    for _ in range(3):
        community.post()
    for reader in readers_of(community):
        first = reader.get("/posts?limit=2")
        following = first.json["page"]["next"]
        assert first.headers["Link"] == f'<{following}>; rel="next"'
        assert first.json["page"]["limit"] == 2
        last = reader.get(following)
        assert (last.json["page"]["next"], "Link" in last.headers) == (None, False)


def test_an_escaped_question_mark_begins_no_parameters(community: Community) -> None:
    url = community.post()["url"]
    assert community.passer_by.get(f"/posts/lookup?url={url}?").status_code == 200
    assert community.passer_by.get(f"/posts/lookup%3Furl={url}").status_code == 404
