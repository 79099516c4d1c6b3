"""Filling a forum with a made-up community."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import click
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import Engine, NullPool, create_engine, func, inspect, select
from sqlalchemy.orm import Session

from benchmarks.load import fill
from benchmarks.rows import HUGE_TITLE, Rows
from benchmarks.tree import HUGE_THREAD, Size, Tree
from forum.replies.models import Reply
from forum.threads.models import Thread
from tests.community import Community

SIZE = Size(posts=3, threads=5, replies=500, members=30, huge=200)
MAX_NESTING = 20


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the test's database beside those of the application."""
    engine = create_engine(database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


def tree(replies: int = 2000) -> Tree:
    return Tree(replace(SIZE, replies=replies), MAX_NESTING, Random(1))


def test_what_is_stored_agrees_with_what_is_counted(app: Flask, cli: FlaskCliRunner) -> None:
    fill(app, SIZE)
    told = cli.invoke(args=["recount", "--check"])
    assert (told.exit_code, told.output) == (0, "Everything agrees.\n"), told.exception


def test_there_are_as_many_replies_as_asked_in_all_and_in_the_huge_thread(
    app: Flask, session: Session
) -> None:
    fill(app, SIZE)
    huge = select(Thread.id).where(Thread.title == HUGE_TITLE).scalar_subquery()
    numbers = select(func.count(), func.count().filter(Reply.thread_id == huge))
    assert session.execute(numbers).one() == (SIZE.replies, SIZE.huge)


def test_indexes_and_foreign_keys_are_there_again(app: Flask, engine: Engine) -> None:
    def schema() -> object:
        found = inspect(engine)
        return [
            (
                table,
                sorted((str(i["name"]), i["column_names"]) for i in found.get_indexes(table)),
                sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
            )
            for table in sorted(found.get_table_names())
        ]

    before = schema()
    fill(app, SIZE)
    assert schema() == before


def test_the_conversation_goes_on_where_it_was_loaded(app: Flask, community: Community) -> None:
    fill(app, SIZE)
    reply = community.reply(thread={"id": HUGE_THREAD})
    assert reply["id"] == SIZE.replies + 1


def test_a_forum_with_members_is_not_loaded(app: Flask, community: Community) -> None:
    community.member()
    with pytest.raises(click.ClickException, match="not empty"):
        fill(app, SIZE)


def test_the_same_numbers_give_the_same_rows() -> None:
    def replies() -> object:
        random = Random(1)
        return list(Rows(SIZE, Tree(SIZE, MAX_NESTING, random), random).replies())

    assert replies() == replies()


def test_nobody_votes_on_their_own_words() -> None:
    rows = Rows(SIZE, tree(SIZE.replies), Random(1))
    for batch in rows.replies():
        reply, *judgements = (row for part in batch.values() for row in part)
        assert reply["author_id"] not in {judgement["member_id"] for judgement in judgements}


def test_replies_nest_to_the_last_level_and_no_deeper() -> None:
    assert max(tree().depth) == MAX_NESTING - 1


def test_every_reply_is_in_the_thread_of_what_it_answers() -> None:
    grown = tree()
    answers = [reply for reply in range(1, len(grown.thread)) if grown.answered[reply]]
    assert all(grown.thread[reply] == grown.thread[grown.answered[reply]] for reply in answers)


def test_who_answers_at_the_last_level_is_attached_beside_the_answered() -> None:
    grown = tree()
    last = [r for r in range(1, len(grown.thread)) if grown.answered[r] != grown.parent[r]]
    assert last
    assert all(grown.parent[reply] == grown.parent[grown.answered[reply]] for reply in last)
