"""The audit log: who reads what of it, and that nobody changes it unnoticed."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from forum.core import audit_verification
from forum.core.audit import Head, Link, LoggedEntry
from forum.core.db import db, table_of, writing
from tests.community import Community, Json, Person

LOG, CHAIN, HEAD = table_of(LoggedEntry), table_of(Link), table_of(Head)
REASON = "A quokka, Zoë."


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def reply(community: Community, moderator: Person) -> Json:
    """A reply that was removed, in a thread that was locked and pinned."""
    reply = community.reply(community.member("ada"))
    moderator.ok("PUT", f"/threads/{reply['thread_id']}/lock", {"reason": "Enough."})
    moderator.ok("PUT", f"/threads/{reply['thread_id']}/pin")
    moderator.ok("DELETE", f"/replies/{reply['id']}", query_string={"reason": REASON})
    return reply


def read(moderator: Person, **query: Any) -> list[Json]:
    found: list[Json] = moderator.ok("GET", "/moderation/log", query_string=query)["items"]
    return found


def test_moderators_read_who_did_what_and_why(moderator: Person, reply: Json) -> None:
    latest = read(moderator)[0]
    assert (latest["action"], latest["target"]) == ("reply.remove", f"reply:{reply['id']}")
    assert latest["actor"]["username"] == moderator.username
    assert latest["member"]["username"] == "ada"
    assert latest["private"]["reason"] == REASON


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({"action": "thread.lock"}, ["thread.lock"]),
        ({"member": "ada"}, ["reply.remove"]),
        ({"actor": "ada"}, []),
        ({"target": "thread:1"}, ["thread.pin", "thread.lock"]),
        ({"target": "thread:1", "action": "thread.pin"}, ["thread.pin"]),
        ({"target": "nonsense"}, []),
    ],
)
def test_the_log_is_filtered(
    moderator: Person, reply: Json, query: Json, actions: list[str]
) -> None:
    assert [entry["action"] for entry in read(moderator, **query)] == actions


def test_the_entries_of_a_group_are_found(moderator: Person, reply: Json) -> None:
    entry = read(moderator, action="thread.pin")[0]
    assert read(moderator, group=entry["group"]) == [entry]


def test_pages_of_the_log_are_the_log(moderator: Person, reply: Json) -> None:
    every = read(moderator)
    first = moderator.ok("GET", "/moderation/log?limit=2")
    second = moderator.ok("GET", first["page"]["next"])
    assert [*first["items"], *second["items"]] == every[:4]


def test_members_read_no_log_of_moderators(community: Community, reply: Json) -> None:
    assert community.member().get("/moderation/log").status_code == 403
    assert community.passer_by.get("/moderation/log").status_code == 401


def test_nobody_is_named_and_no_reason_told_in_public(
    community: Community, moderator: Person, reply: Json
) -> None:
    shown = community.passer_by.get("/log").text
    assert "reply.remove" in shown
    for private in ("quokka", "Enough", '"ada"', moderator.username):
        assert private not in shown


def test_what_everybody_reads_is_a_chain_that_verifies(community: Community, reply: Json) -> None:
    entries = community.passer_by.ok("GET", "/log")["items"]
    previous = "0" * 64
    for position, entry in enumerate(reversed(entries), start=1):
        told = {name: value for name, value in entry.items() if name != "hash"}
        plain = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (entry["position"], entry["previous_hash"]) == (position, previous)
        assert hashlib.sha256(plain.encode()).hexdigest() == entry["hash"]
        previous = entry["hash"]


def test_the_public_log_is_never_an_old_one(
    community: Community, moderator: Person, reply: Json
) -> None:
    before = community.passer_by.ok("GET", "/log")["items"]
    community.admin.ok(
        "POST", "/webhooks", {"url": "https://127.0.0.1/", "events": ["reply.edited"]}
    )
    after = community.passer_by.ok("GET", "/log")["items"]
    assert [after[0]["action"], *after[1:]] == ["webhook.add", *before]


def test_an_intact_log_verifies(community: Community, moderator: Person, reply: Json) -> None:
    found = moderator.ok("GET", "/moderation/log/verify")
    latest = community.passer_by.ok("GET", "/log?limit=1")["items"][0]
    assert found == {
        "position": latest["position"],
        "hash": latest["hash"],
        "complete": True,
        "fault": None,
    }


def test_a_long_log_is_verified_part_by_part(
    moderator: Person, reply: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.api.moderation.log.VERIFIED_AT_ONCE", 2)
    monkeypatch.setattr(audit_verification, "BATCH", 1)
    part = moderator.ok("GET", "/moderation/log/verify")
    assert (part["position"], part["complete"]) == (2, False)
    while not part["complete"]:
        part = moderator.ok("GET", f"/moderation/log/verify?after={part['position']}")
    assert part["position"] == len(read(moderator))


def an_altered_action(session: Session) -> None:
    session.execute(update(LOG).where(LOG.c.id == 2).values(action="thread.unlock"))


def an_altered_reason(session: Session) -> None:
    session.execute(update(LOG).where(LOG.c.id == 2).values(private={"reason": "Another."}))


def another_actor(session: Session) -> None:
    session.execute(update(LOG).where(LOG.c.id == 2).values(actor_id=99))


def a_dropped_row(session: Session) -> None:
    session.execute(delete(CHAIN).where(CHAIN.c.entry_id == 2))
    session.execute(delete(LOG).where(LOG.c.id == 2))


def a_dropped_end(session: Session) -> None:
    latest = session.scalars(select(LOG.c.id).order_by(LOG.c.id.desc())).first()
    session.execute(delete(CHAIN).where(CHAIN.c.entry_id == latest))
    session.execute(delete(LOG).where(LOG.c.id == latest))


def an_inserted_row(session: Session) -> None:
    row = session.execute(select(LOG).where(LOG.c.id == 2)).one()
    session.execute(insert(LOG).values({**row._mapping, "id": 99}))


def a_row_in_the_place_of_another(session: Session) -> None:
    """Closes the gap that a dropped row leaves, with hashes computed anew for one row."""
    a_dropped_row(session)
    session.execute(update(CHAIN).where(CHAIN.c.position == 3).values(position=2))


def two_rows_in_each_others_place(session: Session) -> None:
    for old, new in ((2, 999), (3, 2), (999, 3)):
        session.execute(update(CHAIN).where(CHAIN.c.position == old).values(position=new))


def an_end_before_the_last_row(session: Session) -> None:
    session.execute(update(HEAD).values(position=HEAD.c.position - 1))


def another_head(session: Session) -> None:
    session.execute(update(HEAD).values(hash="f" * 64))


TAMPERING = {
    an_altered_action: "changed",
    an_altered_reason: "changed",
    another_actor: "changed",
    a_dropped_row: "missing",
    a_dropped_end: "missing",
    an_inserted_row: "inserted",
    a_row_in_the_place_of_another: "changed",
    two_rows_in_each_others_place: "changed",
    another_head: "misplaced",
    an_end_before_the_last_row: "misplaced",
}


@pytest.mark.parametrize(
    ("tamper", "kind"), TAMPERING.items(), ids=[each.__name__ for each in TAMPERING]
)
def test_whatever_is_done_to_the_rows_is_found(
    app: Flask, reply: Json, moderator: Person, tamper: Callable[[Session], None], kind: str
) -> None:
    with app.app_context(), writing():
        tamper(db.session())
        db.session.commit()
    assert moderator.ok("GET", "/moderation/log/verify")["fault"]["kind"] == kind
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "The log is not intact" in result.output


def test_the_command_line_tells_the_last_hash(
    app: Flask, community: Community, reply: Json
) -> None:
    latest = community.passer_by.ok("GET", "/log?limit=1")["items"][0]
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (result.exit_code, latest["hash"] in result.output) == (0, True)


def test_what_is_rolled_back_is_not_in_the_log(
    community: Community, moderator: Person, reply: Json
) -> None:
    before = read(moderator)
    assert moderator.delete(f"/replies/{reply['id']}").status_code == 404
    assert read(moderator) == before
