"""After every kind of write, a worker that keeps answers says what one says that keeps none."""

from collections.abc import Callable

import pytest

from tests.community import PASSWORD, Community, Json
from tests.databases import on_one_database
from tests.worker import work_off

PAGES = (
    "/api/v1/posts",
    "/api/v1/posts/counts?url=https://blog.example.com/one",
    "/api/v1/posts/lookup?url=https://blog.example.com/one",
    "/api/v1/posts/one",
    "/api/v1/posts/one/threads",
    "/api/v1/posts/two/threads",
    "/api/v1/threads/1",
    "/api/v1/threads/1/replies",
    "/api/v1/threads/2/replies",
    "/api/v1/replies/1",
    "/api/v1/replies/1/context",
    "/api/v1/replies/1/path",
    "/api/v1/replies/1/replies",
    "/api/v1/users/noor",
    "/feeds/replies.atom",
    "/feeds/posts/one.json",
    "/feeds/posts/one/paths/technical-path.rss",
    "/feeds/threads/1.json",
    "/feeds/replies/1.atom",
    "/",
    "/posts/one",
    "/posts/two",
    "/threads/1",
    "/replies/1",
    "/users/noor",
)

Call = tuple[str, str, str, Json | None]
"""Who writes, and what they ask of the API."""

TO_TEXTS: list[Call] = [
    ("noor", "PUT", "/replies/1/path", {"path": "technical-path"}),
    ("lena", "PUT", "/replies/1/ballot", {"path": "technical-path"}),
    ("lena", "PUT", "/replies/1/vote", {"value": 1}),
    ("lena", "PUT", "/threads/1/vote", {"value": -1}),
    ("lena", "POST", "/threads/1/replies", {"body": "One more.", "parent_id": 1}),
    ("lena", "POST", "/posts/one/threads", {"body": "Another one."}),
    ("noor", "PATCH", "/replies/1", {"body": "I would go."}),
    ("noor", "PATCH", "/threads/1", {"body": "What would they do?"}),
    ("noor", "DELETE", "/replies/1", None),
    ("noor", "DELETE", "/threads/1", None),
]
BY_MODERATORS: list[Call] = [
    ("admin", "PUT", "/threads/1/pin", None),
    ("admin", "PUT", "/threads/1/lock", {"reason": "Late."}),
    ("admin", "PUT", "/replies/1/pin", {"path": "management-path", "reason": "Clear."}),
    ("admin", "POST", "/moderation/threads/1/move", {"post": "two"}),
    ("admin", "POST", "/moderation/threads/1/move", {"post": "one"}),
    ("admin", "POST", "/moderation/replies/1/split", {}),
    ("admin", "POST", "/moderation/threads/3/merge", {"into": 2}),
    ("admin", "DELETE", "/threads/1?reason=Stray", None),
]
TO_PEOPLE_AND_POSTS: list[Call] = [
    ("noor", "PATCH", "/me", {"display_name": "Somebody else"}),
    ("noor", "POST", "/me/erasure", {"password": PASSWORD, "content": "remove"}),
    ("admin", "PATCH", "/users/lena", {"role": "moderator"}),
    ("admin", "PATCH", "/posts/one", {"title": "Another title"}),
    ("admin", "DELETE", "/posts/two", None),
]


@on_one_database
@pytest.mark.parametrize("writes", [TO_TEXTS, BY_MODERATORS, TO_PEOPLE_AND_POSTS])
def test_what_is_written_shows_at_once_wherever_it_can_be_read(
    community: Community, make_community: Callable[..., Community], writes: list[Call]
) -> None:
    judge = make_community(FORUM_PAGE_CACHE_MEGABYTES=0)
    noor, lena = community.member("noor", password=PASSWORD), community.member("lena")
    people = {"noor": noor, "lena": lena, "admin": community.admin}
    for name, author in (("one", noor), ("two", lena)):
        post = community.post(slug=name, url=f"https://blog.example.com/{name}")
        community.reply(author, community.thread(author, post))
    shown = _pages(community)
    for who, method, path, body in writes:
        people[who].ok(method, path, body)
        work_off(community.app)
        before, shown = shown, _pages(community)
        assert shown == _pages(judge), f"{method} {path}"
        assert shown != before, f"{method} {path} shows nowhere"


def _pages(community: Community) -> dict[str, bytes | int]:
    """What each page says or, for one that is not there, its status."""
    answers = {address: community.client.get(address) for address in PAGES}
    return {
        address: answer.data if answer.status_code == 200 else answer.status_code
        for address, answer in answers.items()
    }
