"""Taking along what is held about oneself."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from forum.core.db import db, writing
from forum.features import METADATA
from forum.notifications.models import Notification
from forum.portability import sections
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.statements import recorded
from tests.worker import work_off

ELSEWHERE = {
    "asked_letters.member_id": "it is gone within a second",
    "bans.imposed_by": "what somebody did as a moderator is the forum's",
    "bulks.moderator_id": "what somebody did as a moderator is the forum's",
    "decisions.moderator_id": "what somebody did as a moderator is the forum's",
    "erasures.member_id": "it is of who has left",
    "mutes.muted_id": "whom somebody does not want to hear is theirs alone to know",
    "notes.author_id": "what somebody did as a moderator is the forum's",
    "notes.member_id": "moderators tell it each other, and it may tell of who reported",
    "notifications.actor_id": "it is held about who was notified",
    "pins.moderator_id": "what somebody did as a moderator is the forum's",
    "post_stances.author_id": "it is counted from the replies",
    "recovery_codes.member_id": "nothing but a hash of a secret",
    "review_evidence.by_id": "it is counted from the reports",
    "review_items.claimed_by_id": "what somebody did as a moderator is the forum's",
    "review_items.member_id": "what is decided about it stands in the decisions",
    "sanctions.imposed_by": "what somebody did as a moderator is the forum's",
    "second_factors.member_id": "a secret, and whether there is one stands in the account",
    "thread_stances.author_id": "it is counted from the replies",
}
"""Columns that name members and by which nothing is exported, and why."""


def export(person: Person) -> Json:
    answer = person.get("/me/export")
    assert answer.status_code == 200
    document: Json = json.loads(answer.data)
    return document


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def test_every_column_that_names_a_member_is_exported_by_or_it_is_said_why_not() -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "members" for key in column.foreign_keys)
    }
    sql = " ".join(str(each.start) for section in sections.SECTIONS for each in section.lists)
    by = {name for name in naming if re.search(rf"{name} (BETWEEN|= :of_member)", sql)}
    assert naming - by == ELSEWHERE.keys()


def test_an_export_holds_what_somebody_wrote_judged_and_chose(
    community: Community, noor: Person
) -> None:
    thread = community.thread(noor, title="Stay?", body="Or go?")
    reply = community.reply(noor, body="I stayed.", path="technical-path")
    noor.ok("PATCH", f"/replies/{reply['id']}", {"body": "I left."})
    noor.ok("PATCH", f"/threads/{thread['id']}", {"body": "Or leave?"})
    other = community.reply()
    noor.ok("PUT", f"/replies/{other['id']}/vote", {"value": -1})
    noor.ok("PUT", f"/threads/{other['thread_id']}/vote", {"value": 1})
    noor.ok("PUT", f"/replies/{other['id']}/ballot", {"path": "neither"})
    noor.ok("PUT", f"/me/mutes/{community.admin.username}")
    noor.ok("PUT", f"/threads/{thread['id']}/subscription", {"level": "all"})
    held = export(noor)
    assert held["account"]["email"] == "noor@example.org"
    assert [each["body"] for each in held["threads"]] == ["Or leave?"]
    assert [each["body"] for each in held["thread_revisions"]] == ["Or go?"]
    assert [each["body"] for each in held["replies"]] == ["I left."]
    assert [each["body"] for each in held["reply_revisions"]] == ["I stayed."]
    assert [(v["reply_id"], v["value"]) for v in held["reply_votes"]] == [(other["id"], -1)]
    assert [v["thread_id"] for v in held["thread_votes"]] == [other["thread_id"]]
    assert [(b["reply_id"], b["path"]) for b in held["ballots"]] == [(other["id"], "neither")]
    assert [each["username"] for each in held["mutes"]] == [community.admin.username]
    assert [each["target"] for each in held["subscriptions"]] == [f"thread:{thread['id']}"]
    assert len(held["sessions"]) == 1


def test_an_export_holds_what_was_hidden(community: Community, noor: Person) -> None:
    reply = community.reply(noor, body="Go away.")
    query = {"reason": "Unkind."}
    community.moderator().ok("DELETE", f"/replies/{reply['id']}", query_string=query)
    held = export(noor)
    assert [(r["body"], r["removed_reason"]) for r in held["replies"]] == [("Go away.", "Unkind.")]
    assert [each["action"] for each in held["log"]] == ["reply.remove"]


@on_one_database
def test_an_export_holds_nothing_of_others(community: Community, noor: Person) -> None:
    community.reply(noor)
    mine = export(community.member())
    assert {name for name, held in mine.items() if held} == {"exported_at", "account", "sessions"}


@on_one_database
def test_an_export_tells_no_secret(community: Community, noor: Person) -> None:
    told = [noor.ok("POST", "/me/feed-tokens", {})["token"]]
    told += [noor.ok("POST", "/auth/tokens", {"name": "script", "scopes": ["read"]})["token"]]
    held = noor.get("/me/export").text
    assert '"script"' in held
    assert not any(word in held for word in [*told, '_hash"', "$argon2", "refresh_id"])


def test_an_export_of_any_size_is_read_in_parts(
    community: Community, session: Session, noor: Person
) -> None:
    community.reply(to=community.reply(noor))
    work_off(community.app)
    number = 3 * sections.TOGETHER + 1
    (told,) = export(noor)["notifications"]
    mine = select(Notification.__table__).where(Notification.id == told["id"])
    row = {name: v for name, v in session.execute(mine).mappings().one().items() if name != "id"}
    rows: list[dict[str, Any]] = [{**row, "event_id": 10**6 + n} for n in range(number - 1)]
    session.rollback()
    with writing():
        session.execute(insert(Notification), rows)
        session.commit()
    with recorded(community.app) as sent:
        held = export(noor)
    assert len({each["id"] for each in held["notifications"]}) == number
    reads = [statement for statement in sent if "FROM notifications" in statement.sql]
    assert len(reads) >= number // sections.TOGETHER


def test_an_export_is_of_one_moment(community: Community, noor: Person) -> None:
    thread = community.thread()
    with meanwhile(community.app, "FROM threads", lambda: community.reply(noor, thread)):
        held = export(noor)
    assert held["replies"] == []
    assert len(export(noor)["replies"]) == 1


@contextmanager
def meanwhile(app: Flask, part: str, act: Callable[[], object]) -> Iterator[None]:
    """Somebody else does something when this part of the database is about to be read first."""
    left = [act]

    def do(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        if part in sql and left:
            left.pop()()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", do)
    yield
    event.remove(engine, "before_cursor_execute", do)


@on_one_database
def test_an_export_keeps_no_writer_waiting(community: Community, noor: Person) -> None:
    signed_in = {"Authorization": f"Bearer {noor.token}"}
    answer = FlaskClient(community.app).open("/api/v1/me/export", headers=signed_in)
    assert next(answer.iter_encoded()).startswith(b'{"exported_at"')
    assert community.reply(noor)["state"] == "visible"
    answer.close()


@on_one_database
def test_an_export_is_a_file_that_no_cache_keeps(noor: Person) -> None:
    headers = noor.get("/me/export").headers
    assert headers["Content-Disposition"] == "attachment; filename=crossroads-noor.json"
    assert headers["Cache-Control"] == "no-store"
