"""`flask recount`: every stored number against the rows it counts."""

from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import read_one_moment, writing
from forum.posts.models import Post
from forum.replies.models import Reply, ThreadStance
from forum.threads.models import Thread
from tests.community import Community

STORED = (
    Reply.up,
    Reply.down,
    Reply.best,
    Reply.controversy,
    Reply.reply_count,
    Reply.child_count,
    Reply.technical_ballots,
    Reply.management_ballots,
    Reply.neither_ballots,
    Reply.bridge,
    Thread.up,
    Thread.hot,
    Thread.best,
    Thread.reply_count,
    Thread.technical_halves,
    Thread.management_halves,
    Thread.bridge_authors,
    Post.thread_count,
    Post.reply_count,
    Post.technical_halves,
    ThreadStance.technical,
    Member.technical_standing,
    Member.management_standing,
)


@pytest.fixture(autouse=True)
def something_to_count(community: Community) -> None:
    thread = community.thread()
    reply = community.reply(thread=thread, path="technical-path")
    community.reply(to=reply, path="management-path")
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    community.member().ok("PUT", f"/threads/{thread['id']}/vote", {"value": -1})
    community.cast(reply, management=2, neither=1)


def falsify(session: Session, column: Any) -> None:
    with writing():
        table = column.class_
        changed = ~column if column is Reply.bridge else column + 1
        session.execute(update(table).values({column.key: changed}))
        session.commit()


def test_a_forum_that_was_used_agrees(cli: FlaskCliRunner) -> None:
    assert cli.invoke(args=["recount", "--check"]).exit_code == 0


def test_each_wrong_number_is_found_and_repaired(cli: FlaskCliRunner, session: Session) -> None:
    for column in STORED:
        falsify(session, column)
        assert cli.invoke(args=["recount", "--check"]).exit_code == 1, column
        assert cli.invoke(args=["recount"]).exit_code == 0
        assert cli.invoke(args=["recount", "--check"]).exit_code == 0, column


def test_check_prints_what_differs_and_changes_nothing(
    cli: FlaskCliRunner, session: Session
) -> None:
    falsify(session, Thread.reply_count)
    printed = cli.invoke(args=["recount", "--check"]).output
    assert "threads (id 1) reply_count: stored 3, counted 2" in printed
    assert session.scalar(text("SELECT reply_count FROM threads WHERE id = 1")) == 3


def test_readers_see_the_repair_at_once(
    cli: FlaskCliRunner, session: Session, community: Community
) -> None:
    falsify(session, Thread.reply_count)
    cli.invoke(args=["recount"])
    assert community.passer_by.ok("GET", "/threads/1")["reply_count"] == 2


def test_a_check_reads_one_moment(session: Session, community: Community) -> None:
    read_one_moment(session)
    before = session.scalar(select(func.count(Reply.id)))
    community.reply()
    assert session.scalar(select(func.count(Reply.id))) == before
