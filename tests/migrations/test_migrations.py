"""Migrations: up, down and up again, with and without rows, to exactly what the code describes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from forum.accounts import identities, letter_requests
from forum.accounts.models import RecoveryCode, SecondFactor
from forum.accounts.queries import member_by_username
from forum.accounts.vouching import Vouched
from forum.app import create_app
from forum.core import clock
from forum.core.db import db, writing
from forum.features import METADATA
from forum.moderation.spam.models import SpamCheck
from tests.apps import disconnect
from tests.community import PASSWORD, Community, Person
from tests.core.mail.notes import queue_note
from tests.databases import settings_for
from tests.mail_servers import everybodys
from tests.moderation.queue.scene import claim_next, decided, report
from tests.sanctions import put_into_force
from tests.worker import work_off

VERSIONS = "alembic_version"
MIGRATIONS = Path(__file__).parents[2] / "migrations"

ADDED_AFTER_IT = re.compile(r"\) (STORED|VIRTUAL), .*")
"""What SQLAlchemy takes for the end of an expression where SQLite has added columns to its line."""

Schema = dict[str, dict[str, Any]]


@pytest.fixture
def app(empty_database_url: str) -> Iterator[Flask]:
    """An application on a database without tables, and inside its context.

    Its feeds have a hub that may not be called, and its replies two levels, so that some are too
    deep where they are moved to.
    """
    app = create_app(
        settings_for(
            empty_database_url, FORUM_WEBSUB_HUB="http://127.0.0.1/", FORUM_MAX_NESTING="2"
        )
    )
    with app.app_context():
        yield app
    disconnect(app)


def schema() -> Schema:
    """All that the database knows about its tables, but for the order of columns."""
    inspector = inspect(db.engine)
    return {
        table: {
            "columns": by_name(inspector.get_columns(table)),
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": by_name(inspector.get_foreign_keys(table)),
            "unique": by_name(inspector.get_unique_constraints(table)),
            "checks": by_name(inspector.get_check_constraints(table)),
            "indexes": by_name(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != VERSIONS
    }


def by_name(things: Any) -> dict[str, Any]:
    return {thing["name"]: plain(thing) for thing in things}


def plain(value: Any) -> Any:
    """Types and expressions as they are written, for they compare by identity."""
    if isinstance(value, dict):
        return {name: plain(v) for name, v in value.items()}
    return ADDED_AFTER_IT.sub("", str(value))


def revisions() -> list[str]:
    """From the first to the last."""
    found = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return [revision.revision for revision in found][::-1]


@pytest.mark.usefixtures("app")
def test_migrations_lead_to_what_the_code_describes() -> None:
    flask_migrate.upgrade()
    migrated = schema()
    flask_migrate.downgrade(revision="base")
    METADATA.create_all(db.engine)
    assert migrated == schema()


@pytest.mark.usefixtures("app")
def test_alembic_finds_nothing_to_add() -> None:
    flask_migrate.upgrade()
    flask_migrate.check()


@pytest.mark.usefixtures("app")
def test_every_step_leads_up_down_and_up_again() -> None:
    for revision in revisions():
        before = schema()
        flask_migrate.upgrade(revision=revision)
        after = schema()
        flask_migrate.downgrade()
        assert schema() == before
        flask_migrate.upgrade(revision=revision)
        assert schema() == after


@pytest.mark.usefixtures("app")
def test_nothing_is_left_at_the_base() -> None:
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    assert schema() == {}


def test_a_forum_with_rows_goes_down_and_up_again(app: Flask) -> None:
    flask_migrate.upgrade()
    migrated = schema()
    populate(Community(app))
    for _ in revisions():
        flask_migrate.downgrade()
    flask_migrate.upgrade()
    assert schema() == migrated
    populate(Community(app))


@pytest.mark.usefixtures("app")
def test_migrating_twice_changes_nothing() -> None:
    flask_migrate.upgrade()
    migrated = schema()
    flask_migrate.upgrade()
    assert schema() == migrated


def mail_nobody(app: Flask) -> None:
    """A mail to an address that turns out to be nobody's."""
    everybodys()[1].answers_to_recipient.append("550 5.1.1 Nobody")
    queue_note(db.session(), key="nobody")
    work_off(app)


def ask_for_letter(community: Community) -> None:
    """A letter that nobody has written yet."""
    with writing():
        letter_requests.ask_for_link(db.session(), "noor@example.org")
        db.session.commit()


def have_a_second_factor(member: Person) -> None:
    """One that has been set up, with a code for when it is lost."""
    with writing():
        member_id = member_by_username(db.session(), member.username).id
        db.session.add(SecondFactor(member_id=member_id, secret="sealed"))
        db.session.add(RecoveryCode(member_id=member_id, code_hash="hash"))
        db.session.commit()


def appeal(author: Person) -> None:
    """An appeal against what was decided last."""
    against, *_ = author.ok("GET", "/me/decisions")["items"]
    author.ok("POST", f"/me/decisions/{against['id']}/appeal", {"text": "It was a quotation."})


def watch(community: Community) -> None:
    """Something that is looked for, asked about and in dispute."""
    community.admin.ok("PUT", "/moderation/policy", {})
    rule = {"kind": "word", "action": "flag", "value": "casino"}
    community.admin.ok("POST", "/moderation/rules", rule)
    reply, now = community.reply(), clock.now()
    community.cast(reply, technical=2, management=2, neither=2)
    with writing():
        asked = SpamCheck(reply_id=reply["id"], held_at=now, asked_at=now, state="ham")
        db.session.add(asked)
        db.session.commit()


def have_a_webhook(community: Community) -> None:
    """One that had another key before."""
    hook = {"url": "https://127.0.0.1/", "events": ["reply.written"]}
    added = community.admin.ok("POST", "/webhooks", hook)
    community.admin.ok("POST", f"/webhooks/{added['id']}/secret")


def move(community: Community, author: Person, moderator: Person, thread_id: int) -> None:
    """Make a thread with a vote, in which the author is muted, a part of another one."""
    into = community.thread()["id"]
    moderator.ok("PUT", f"/threads/{into}/vote", {"value": 1})
    put_into_force(community, author, "mute", scope="thread", thread_id=thread_id)
    moderator.ok("POST", f"/moderation/threads/{thread_id}/merge", {"into": into})


def populate(community: Community) -> None:
    """Rows in every table there is."""
    author, moderator = community.member(), community.moderator()
    reply = community.reply(author, path="technical-path")
    community.reply(to=reply)
    community.cast(reply, management=3)
    address = f"/replies/{reply['id']}"
    author.ok("PATCH", address, {"body": "On second thought."})
    moderator.ok("PATCH", f"/threads/{reply['thread_id']}", {"title": "Both sides"})
    moderator.ok("PUT", f"{address}/pin", {"path": None, "reason": "Neither."})
    moderator.ok("PUT", f"{address}/vote", {"value": 1})
    moderator.ok("PUT", f"/threads/{reply['thread_id']}/vote", {"value": 1})
    body, key = {"url": "https://a.example/", "title": "One"}, {"Idempotency-Key": "one"}
    community.admin.post("/posts", body, headers=key)
    author.ok("POST", "/me/feed-tokens", {})
    author.ok("POST", "/auth/tokens", {"name": "A tool", "scopes": ["read"]})
    have_a_second_factor(author)
    put_into_force(community, author, "note")
    about = f"/moderation/users/{author.username}"
    moderator.ok("POST", f"{about}/notes", {"body": "A robot?"})
    appeal(author)
    moderator.ok("POST", "/moderation/bans", {"address": "203.0.113.9", "reason": "Spam."})
    everything = {"since": "2026-01-01T00:00:00Z"}
    bulk = {"action": "remove", "reason": "Spam.", "filter": everything}
    moderator.ok("POST", "/moderation/bulk", bulk)
    watch(community)
    mail_nobody(community.app)
    author.ok("PUT", "/community/subscription", {"level": "all"})
    author.ok("PUT", f"/me/mutes/{community.admin.username}")
    have_a_webhook(community)
    community.reply(to=reply)
    with writing():
        identities.sign_in(db.session(), Vouched("https://blog.example.com", "user-17"))
        identities.spend(db.session(), "https://blog.example.com", "one", clock.now())
        db.session.commit()
    leaver = community.member(password=PASSWORD)
    leaver.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "remove"})
    report(community, reply)
    decided(moderator, claim_next(moderator), "dismiss")
    newcomer = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}
    community.passer_by.post("/auth/register", newcomer)
    work_off(community.app)
    ask_for_letter(community)
    move(community, author, moderator, reply["thread_id"])
    empty = [
        table.name
        for table in METADATA.sorted_tables
        if not db.session.execute(table.select().limit(1)).all()
    ]
    db.session.rollback()
    assert empty == []
