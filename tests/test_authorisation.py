"""Every route by every kind of caller: who may call it succeeds, who may not changes nothing."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import ways_in
from forum.accounts.grants import SCOPES
from forum.accounts.queries import member_by_username
from forum.accounts.vouching import Vouched
from forum.core.db import db, writing
from forum.features import METADATA
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import RULE
from tests.apps import Answer
from tests.authorisation import (
    ADMINS,
    ALIKE,
    ANYBODY,
    AUTHOR,
    AUTHOR_OR_MODERATORS,
    BUT_AUTHOR,
    CONFIRMED,
    MEMBERS,
    MODERATORS,
    NOTER,
    OTHERS,
    OWNER,
    PLAIN,
    READ,
    REFRESHERS,
    ROWS,
    WITH_GUESTS,
    Row,
)
from tests.community import API, PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.sanctions import put_into_force

ALL_MEMBERS = {"unconfirmed", "member", "owner", "moderator", "admin"}
MAY: dict[str, set[str]] = {
    ANYBODY: {"anonymous", "guest", *ALL_MEMBERS},
    MEMBERS: ALL_MEMBERS,
    WITH_GUESTS: {"guest", *ALL_MEMBERS},
    CONFIRMED: ALL_MEMBERS - {"unconfirmed"},
    OTHERS: ALL_MEMBERS - {"unconfirmed", "owner"},
    BUT_AUTHOR: ALL_MEMBERS - {"owner"},
    AUTHOR: {"owner"},
    AUTHOR_OR_MODERATORS: {"owner", "moderator", "admin"},
    OWNER: {"owner"},
    MODERATORS: {"moderator", "admin"},
    NOTER: {"moderator"},
    ADMINS: {"admin"},
    REFRESHERS: {"refresh token"},
}
NO_GOOD = (401, "invalid-token")
REFUSED = {
    "anonymous": (401, "unauthorized"),
    "guest": (403, "forbidden"),
    "suspended": NO_GOOD,
    "deleted": NO_GOOD,
    "refresh token": NO_GOOD,
    "tool": (403, "insufficient-scope"),
}


@dataclass(frozen=True)
class Forum:
    """Callers of every kind, and what they call for: it is the owner's."""

    people: dict[str, Person]
    things: Json
    tools: dict[str, Person]
    """Programs of the owner's by the scope that they lack."""

    def callers(self, row: Row) -> Iterator[tuple[str, Person]]:
        """Everybody, and a program that may do all but this."""
        yield from self.people.items()
        yield "tool", self.tools[row.scope or READ]

    def call(self, person: Person, name: str, row: Row) -> Answer:
        method, _, address = name.partition(" ")
        path = address.format(**self.things) + (f"?{row.query}" if row.query else "")
        return person.call(method, path, json=row.body)


@pytest.fixture
def community(keep_app: Callable[..., Flask]) -> Community:
    """A forum that lets guests in, so that there are some."""
    return Community(keep_app(FORUM_GUESTS="open"))


@pytest.fixture
def forum(community: Community) -> Forum:
    people = {
        "anonymous": community.passer_by,
        "owner": community.member("owner", password=PASSWORD),
        "unconfirmed": community.member(password=PASSWORD, confirmed=False),
        "member": community.member(password=PASSWORD),
        "moderator": community.member(role="moderator", password=PASSWORD),
        "admin": community.member(role="admin", password=PASSWORD),
        "suspended": community.member(),
        "deleted": community.member(password=PASSWORD),
    }
    owner = people["owner"]
    things = things_of(community, owner, people["moderator"])
    people["refresh token"] = refresh_token(community)
    people["token"] = tool(owner, SCOPES)
    people["guest"] = guest(community, things["thread_id"])
    put_into_force(community, people["suspended"], "suspend")
    people["deleted"].ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    tools = {lacks: tool(owner, [each for each in SCOPES if each != lacks]) for lacks in SCOPES}
    return Forum(people, things, tools)


def things_of(community: Community, owner: Person, moderator: Person) -> Json:
    """What addresses name."""
    post = community.post(url="https://blog.example.com/known", slug="known")
    thread = community.thread(owner, post=post)
    community.thread(post=post)
    hook = {"url": "https://bot.example.com/", "events": ["reply.written"]}
    webhook = community.admin.ok("POST", "/webhooks", hook)
    delivery = community.admin.ok("POST", f"/webhooks/{webhook['id']}/test")
    watched = {"kind": "word", "action": "flag", "value": "casino"}
    rule = community.admin.ok("POST", "/moderation/rules", watched)
    feed_token = owner.ok("POST", "/me/feed-tokens", {})
    token = owner.ok("POST", "/auth/tokens", {"name": "A tool", "scopes": ["read"]})
    assert feed_token["id"] == token["id"], "addresses call both by one name"
    return {
        "slug": post["slug"],
        "thread_id": thread["id"],
        "reply_id": community.reply(owner, thread)["id"],
        "username": community.member().username,
        "path": "technical-path",
        "provider": "elsewhere",
        "token_id": token["id"],
        "session_id": owner.ok("GET", "/auth/sessions")["items"][0]["id"],
        "identity_id": identity(community, owner),
        "group_id": pinning(community, post),
        "sanction_id": put_into_force(community, owner, "note"),
        **of_moderators(community, moderator, owner),
        "rule_id": rule["id"],
        "webhook_id": webhook["id"],
        "delivery_id": delivery["id"],
    }


def of_moderators(community: Community, moderator: Person, owner: Person) -> Json:
    """What moderators have at hand."""
    note = {"body": "Was warned by mail."}
    bulk = {"action": "remove", "reason": "Spam.", "filter": {"author": "owner"}}
    ban = {"email_domain": "throwaway.example", "reason": "Spam."}
    noted = f"/moderation/users/{community.member().username}/notes"
    return {
        "bulk_id": moderator.ok("POST", "/moderation/bulk", bulk)["id"],
        "note_id": moderator.ok("POST", noted, note)["id"],
        "ban_id": moderator.ok("POST", "/moderation/bans", ban)["id"],
        "item_id": review_item(community),
        "decision_id": decision(community, moderator, owner),
    }


def decision(community: Community, moderator: Person, member: Person) -> int:
    """A decision about a member."""
    moderator.ok("DELETE", f"/replies/{community.reply(member)['id']}")
    decided: int = member.ok("GET", "/me/decisions")["items"][0]["id"]
    return decided


def identity(community: Community, member: Person) -> int:
    """A user of another site who a member is, too."""
    with community.app.app_context(), writing():
        member_id = member_by_username(db.session(), member.username).id
        vouched = Vouched("https://id.example.com", "user-17")
        added = ways_in.add(db.session(), member_id, vouched, opened_account=False)
        db.session.commit()
        return added.id


def review_item(community: Community) -> int:
    """An item of the queue."""
    reply = community.reply()
    concern = Concern(RULE, reply["thread_id"], reply["id"], 10)
    with community.app.app_context(), writing():
        raised = raise_item(db.session(), concern)
        db.session.commit()
    return raised.item_id


def pinning(community: Community, post: Json) -> int:
    """The group of the audit log in which a thread was pinned."""
    community.admin.ok("PUT", f"/threads/{community.thread(post=post)['id']}/pin")
    group: int = community.admin.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    return group


def refresh_token(community: Community) -> Person:
    login = {"login": community.member(password=PASSWORD).username, "password": PASSWORD}
    tokens = community.passer_by.ok("POST", "/auth/login", login)
    return Person(community.client, token=tokens["refresh_token"])


def guest(community: Community, thread_id: int) -> Person:
    """Somebody without an account, with the token for their own reply."""
    body = {"body": "I would go.", "guest": {"name": "Passing Reader"}}
    told = community.passer_by.ok("POST", f"/threads/{thread_id}/replies", body)
    return Person(community.client, token=told["guest_token"])


def tool(owner: Person, scopes: Sequence[str]) -> Person:
    """A program of the owner's, which has been used of late."""
    body = {"name": "A tool", "scopes": [*scopes]}
    program = Person(owner.client, token=owner.ok("POST", "/auth/tokens", body)["token"])
    program.get("/me")
    return program


def may(caller: str, row: Row) -> bool:
    if row.who == ALIKE:
        return True
    if caller == "token":
        return row.scope is not None and "owner" in MAY[row.who]
    return caller in MAY[row.who]


def refusals(caller: str, row: Row) -> set[tuple[int, str | None]]:
    """How somebody who may not is refused: status, and code where it matters."""
    if row.who == REFRESHERS:
        return {NO_GOOD}
    if caller == "token" and row.scope is None:
        return {REFUSED["tool"]}
    if caller in REFUSED:
        return {REFUSED[caller]}
    if row.who == OWNER:
        return {(404, "not-found")}
    if caller == "unconfirmed" and row.who in {CONFIRMED, OTHERS}:
        return {(403, "email-not-confirmed")}
    return {(403, code) for code in ("forbidden", "self-vote", "self-ballot", "self-report")}


def contents(app: Flask) -> dict[str, set[Any]]:
    """All rows of all tables."""
    with app.app_context():
        return {
            table.name: {*map(str, db.session.execute(select(table)))}
            for table in METADATA.sorted_tables
        }


def rules(app: Flask) -> set[str]:
    """Method and address of every route below /api/v1, and the address of every other."""
    found = set()
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:[^>]*:)?(\w+)>", r"{\1}", rule.rule)
        if not address.startswith(API):
            found.add(
                re.sub(r"\.(rss|atom|json)$", "", address) if "feeds/" in address else address
            )
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add(f"{method} {address.removeprefix(API)}")
    return found


@on_one_database
def test_every_route_has_a_row(app: Flask) -> None:
    there, listed = rules(app), {*ROWS, *PLAIN}
    assert (sorted(there - listed), sorted(listed - there)) == ([], [])


def test_who_may_not_is_refused_and_changes_nothing(community: Community, forum: Forum) -> None:
    before, wrong = contents(community.app), {}
    for name, row in ROWS.items():
        for caller, person in forum.callers(row):
            if may(caller, row):
                continue
            answer = forum.call(person, name, row)
            if (answer.status_code, answer.json.get("code")) not in refusals(caller, row):
                wrong[name, caller] = answer.text
    assert wrong == {}
    assert contents(community.app) == before


@on_one_database
@pytest.mark.usefixtures("nothing_is_kept")
def test_who_may_succeeds(forum: Forum) -> None:
    wrong = {}
    for name, row in ROWS.items():
        for caller, person in forum.callers(row):
            if row.who == ALIKE or not may(caller, row):
                continue
            answer = forum.call(person, name, row)
            if answer.status_code not in row.successes:
                wrong[name, caller] = answer.text
    assert wrong == {}


@on_one_database
@pytest.mark.usefixtures("nothing_is_kept")
def test_where_nobody_is_asked_for_everybody_is_answered_alike(forum: Forum) -> None:
    for name, row in ROWS.items():
        if row.who == ALIKE:
            answers = {
                forum.call(person, name, row).status_code for _, person in forum.callers(row)
            }
            assert len(answers) == 1, name


@pytest.fixture
def nothing_is_kept(forum: Forum, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request does is undone when it would be kept, so that each finds the same forum."""
    monkeypatch.setattr(db.session, "commit", db.session.rollback)
