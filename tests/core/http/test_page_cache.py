"""Kept answers: the same as computed ones, and never older than what was acknowledged."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forum.core.changes import Changes
from forum.core.db import db
from tests.community import Community, Person
from tests.databases import on_one_database

PAGES = (
    "/api/v1/posts",
    "/api/v1/posts/{slug}",
    "/api/v1/posts/{slug}/threads",
    "/api/v1/threads/{thread}",
    "/api/v1/threads/{thread}/replies",
    "/api/v1/threads/{thread}/replies?sort=balanced",
    "/api/v1/replies/{reply}",
    "/api/v1/replies/{reply}/context",
    "/feeds/replies.atom",
    "/feeds/threads/{thread}.json",
    "/posts/{slug}",
)


def test_a_second_reader_is_given_the_same_bytes(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}/replies"
    first, second = community.passer_by.get(address), community.passer_by.get(address)
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])


def test_each_request_for_a_kept_answer_has_an_id_of_its_own(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}"
    answers = [community.passer_by.get(address) for _ in range(2)]
    assert answers[0].headers["X-Request-ID"] != answers[1].headers["X-Request-ID"]


def test_a_kept_answer_is_not_modified_for_who_holds_it(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}"
    tag = community.passer_by.get(address).headers["ETag"]
    again = community.passer_by.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_not_kept_is_not_modified_either_for_who_holds_it(community: Community) -> None:
    tag = community.client.open("/healthz").headers["ETag"]
    again = community.client.open("/healthz", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_signed_in_reader_is_never_given_a_kept_answer(community: Community) -> None:
    address = f"/threads/{community.thread()['id']}"
    community.passer_by.get(address)
    assert "my_vote" in community.member().ok("GET", address)


def test_head_of_a_kept_answer_has_no_body(community: Community) -> None:
    address = f"/api/v1/threads/{community.thread()['id']}"
    community.client.get(address)
    assert community.client.head(address).data == b""


@on_one_database
@pytest.mark.parametrize(
    ("method", "is_known", "status"),
    [("GET", False, 200), ("HEAD", False, 200), ("GET", True, 304), ("HEAD", True, 304)],
)
def test_a_request_is_told_as_it_was_asked_and_answered_computed_or_kept(
    make_community: Callable[..., Community],
    caplog: pytest.LogCaptureFixture,
    method: str,
    is_known: bool,
    status: int,
) -> None:
    other, telling = make_community(), make_community()
    tag = other.client.get("/").headers["ETag"]
    caplog.set_level("INFO")
    for _ in range(2):
        headers = {"If-None-Match": tag} if is_known else {}
        assert telling.client.open("/", method=method, headers=headers).status_code == status
    lines: list[Any] = [record.msg for record in caplog.records if record.name == "request"]
    assert [(line["method"], line["status"]) for line in lines] == [(method, status)] * 2
    assert ["duration_ms" in line for line in lines] == [True, False]
    counted = f'http_requests_total{{method="{method}",route="/",status="{status}"}}'
    assert counted in telling.client.get("/metrics").text


def test_a_change_leaves_the_answers_about_other_threads_and_posts(app: Flask) -> None:
    with app.app_context():
        changes = Changes(db.engine)
    community = Community(app)
    one, other = community.thread(), community.thread()
    before = changes.now()
    community.reply(thread=one)
    changes.now()
    for kind, name in (("thread", "id"), ("post", "post_id")):
        topics = [f"{kind}:{thread[name]}" for thread in (one, other)]
        assert [changes.is_unchanged(topic, before) for topic in topics] == [False, True]


def test_whatever_changes_everything_about_everything_has_changed(app: Flask) -> None:
    with app.app_context():
        changes = Changes(db.engine)
    community = Community(app)
    community.thread()
    before = changes.now()
    community.member().ok("PATCH", "/me", {"display_name": "Somebody else"})
    changes.now()
    assert not changes.is_unchanged("thread:1", before)


def test_no_worker_gives_an_answer_older_than_a_write(
    make_community: Callable[..., Community],
) -> None:
    """Two workers share the database; a third, which keeps nothing, says what is right."""
    workers = [make_community(), make_community()]
    judge = make_community(FORUM_PAGE_CACHE_MEGABYTES=0)

    @settings(max_examples=3, phases=[Phase.generate])
    @given(steps=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 1)), min_size=4, max_size=8))
    def holds(steps: list[tuple[int, int]]) -> None:
        post = workers[0].post()
        thread = workers[0].thread(post=post)
        reply = workers[0].reply(thread=thread)
        names = {"slug": post["slug"], "thread": thread["id"], "reply": reply["id"]}
        for step, worker in steps:
            _write(workers[worker], step, names)
            for address in (page.format(**names) for page in PAGES):
                right = judge.client.get(address).data
                assert [w.client.get(address).data for w in workers] == [right, right], address

    holds()


def _write(community: Community, step: int, names: dict[str, Any]) -> None:
    actor = community.member()
    thread, reply = names["thread"], names["reply"]
    writes: tuple[Callable[[Person], Any], ...] = (
        lambda p: p.ok("POST", f"/threads/{thread}/replies", {"body": "One more."}),
        lambda p: p.ok("PUT", f"/replies/{reply}/vote", {"value": 1}),
        lambda p: p.ok("PUT", f"/threads/{thread}/vote", {"value": -1}),
        lambda p: p.ok("PUT", f"/replies/{reply}/ballot", {"path": "technical-path"}),
        lambda p: p.ok("POST", f"/posts/{names['slug']}/threads", {"body": "Another thread."}),
        lambda p: p.ok("PATCH", "/me", {"display_name": "Renamed"}),
        lambda _: community.moderator().ok(
            "PUT", f"/replies/{reply}/pin", {"path": "management-path", "reason": "Clear."}
        ),
        lambda _: community.post(),
    )
    writes[step](actor)
