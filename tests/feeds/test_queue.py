"""Moderators read the queue in their feed readers, as long as they are moderators."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from forum.config import settings_in
from tests.apps import Answer
from tests.community import Community, Person
from tests.databases import on_one_database
from tests.feed_judge import problems
from tests.moderation.queue.scene import claim_next, decided, report

pytestmark = on_one_database

BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def token(moderator: Person) -> str:
    issued: str = moderator.ok("POST", "/me/feed-tokens", {"feed": "queue"})["token"]
    return issued


def read(community: Community, token: str, kind: str = "json", **headers: str) -> Answer:
    return community.client.open(f"/feeds/me/queue.{kind}?token={token}", headers=headers)


def test_it_has_what_is_open(community: Community, moderator: Person, token: str) -> None:
    report(community, community.reply(body="Buy <my> course."))
    (entry,) = read(community, token).json["items"]
    assert entry["url"] == f"{BASE_URL}/api/v1/moderation/queue/1"
    assert "Buy &lt;my&gt; course." in entry["content_html"]
    decided(moderator, claim_next(moderator), "dismiss")
    assert read(community, token).json["items"] == []


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_it_is_valid_in_every_format(community: Community, token: str, kind: str) -> None:
    report(community, community.reply())
    url = f"{BASE_URL}/feeds/me/queue.{kind}?token={token}"
    assert problems(kind, read(community, token, kind).data, url) == []


def test_an_unchanged_queue_is_not_sent_again(community: Community, token: str) -> None:
    etag = read(community, token).headers["ETag"]
    assert read(community, token, **{"If-None-Match": etag}).status_code == 304


def test_who_is_no_moderator_gets_no_token(community: Community) -> None:
    answer = community.member().post("/me/feed-tokens", {"feed": "queue"})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_the_token_dies_with_the_role(
    community: Community, moderator: Person, token: str, session: Session
) -> None:
    session.execute(
        text("UPDATE members SET role = 'member' WHERE username = :name"),
        {"name": moderator.username},
    )
    session.commit()
    assert read(community, token).status_code == 401


def test_the_token_waits_for_the_second_factor_that_is_asked_of_staff(
    community: Community, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(settings_in(community.app), require_staff_2fa=True)
    monkeypatch.setitem(community.app.extensions, "settings", strict)
    assert read(community, token).status_code == 401


def test_a_token_for_another_feed_does_not_open_it(community: Community, moderator: Person) -> None:
    other = moderator.ok("POST", "/me/feed-tokens", {"feed": "replies"})["token"]
    assert read(community, other).status_code == 401
    assert read(community, "").status_code == 401
