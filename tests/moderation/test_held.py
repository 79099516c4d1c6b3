"""What is held: its author reads it, and to all others it is not there."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import viewer_of
from forum.accounts.models import Member
from forum.core.db import db, writing
from forum.core.outbox import RecordedEvent
from forum.replies import commands as replies
from forum.replies.commands import NewReply
from forum.threads import commands as threads
from forum.threads.commands import NewThread
from tests.community import Community, Json, Person
from tests.recount import counted_anew, stored


@pytest.fixture
def author(community: Community) -> Person:
    return community.member("quokka-ada")


@pytest.fixture
def post(community: Community) -> Json:
    return community.post()


@pytest.fixture
def held(app: Flask, community: Community, author: Person, post: Json) -> tuple[int, int]:
    """The ids of a thread and of a reply in another one, neither of which was ever visible."""
    other = community.thread(post=post)["id"]
    with app.app_context(), writing():
        session = db.session()
        member = session.scalars(select(Member).where(Member.username == author.username)).one()
        new = NewThread("A *quokka*.", "Quokka?")
        opened = threads.open_thread(session, viewer_of(member), post["slug"], new, held=True)
        answer = NewReply("Quokkas.", path="technical-path")
        written = replies.add_reply(session, viewer_of(member), other, answer, held=True)
        db.session.commit()
        return opened.id, written.id


def test_authors_read_their_held_texts(author: Person, held: tuple[int, int]) -> None:
    thread, reply = held
    found = author.ok("GET", "/me/held")["items"]
    assert [(item["kind"], item["id"]) for item in found] == [("reply", reply), ("thread", thread)]
    assert [item["body"] for item in found] == ["Quokkas.", "A *quokka*."]
    assert (found[1]["title"], found[1]["thread_id"]) == ("Quokka?", thread)


def test_the_pages_of_held_texts_are_the_whole(author: Person, held: tuple[int, int]) -> None:
    first = author.ok("GET", "/me/held?limit=1")
    second = author.ok("GET", first["page"]["next"])
    kinds = [item["kind"] for item in first["items"] + second["items"]]
    assert (kinds, second["page"]["next"]) == (["reply", "thread"], None)


def test_others_read_nothing_held(community: Community, held: tuple[int, int], post: Json) -> None:
    thread, reply = held
    addresses = [f"/threads/{thread}", f"/replies/{reply}"]
    for reader in (community.passer_by, community.member(), community.admin):
        assert [reader.get(address).status_code for address in addresses] == [404, 404]
        assert "quokka" not in reader.get(f"/posts/{post['slug']}/threads").text
    assert community.member().ok("GET", "/me/held")["items"] == []


def test_what_is_held_counts_nowhere(
    session: Session, community: Community, held: tuple[int, int], post: Json
) -> None:
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (shown["thread_count"], shown["reply_count"]) == (1, 0)
    assert stored(session) == counted_anew(session)


def test_of_what_is_held_only_that_is_recorded(held: tuple[int, int], session: Session) -> None:
    names = session.scalars(select(RecordedEvent.name).order_by(RecordedEvent.id.desc()).limit(2))
    assert names.all() == ["ReplyHeld", "ThreadHeld"]
