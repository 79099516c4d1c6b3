"""Bans keep people without an account out, and nothing tells where anybody comes from."""

from typing import Any

import pytest
from flask import Flask

from forum.accounts.seen_addresses import KEPT_FOR
from forum.core.db import db
from forum.features import METADATA
from forum.worker.jobs import forget_expired
from tests.accounts.mailed import mailed, token_in
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


def ban(moderator: Person, **ban: Any) -> Json:
    imposed: Json = moderator.ok("POST", "/moderation/bans", {"reason": "Spam.", **ban})
    return imposed


def register(community: Community, name: str, address: str = HERE, **more: Any) -> Answer:
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, **more}
    peer = {"REMOTE_ADDR": address}
    return community.passer_by.post("/auth/register", body, environ_overrides=peer)


def sign_in(community: Community, name: str, address: str) -> Person:
    body, peer = {"login": name, "password": PASSWORD}, {"REMOTE_ADDR": address}
    answer = community.passer_by.post("/auth/login", body, environ_overrides=peer)
    return Person(community.client, name, answer.json["access_token"])


def test_nobody_opens_an_account_from_a_banned_address(
    community: Community, moderator: Person
) -> None:
    ban(moderator, address=HERE)
    assert register(community, "ada").json["code"] == "banned"
    assert register(community, "ada", ELSEWHERE).status_code == 201


@on_one_database
def test_a_ban_of_ipv6_is_of_the_network(community: Community, moderator: Person) -> None:
    ban(moderator, address="2001:db8:1:2::1")
    assert register(community, "ada", "2001:db8:1:2:ffff::7").json["code"] == "banned"
    assert register(community, "ada", "2001:db8:1:3::1").status_code == 201


@on_one_database
@pytest.mark.parametrize(
    ("email", "status"),
    [
        ("ada@throwaway.example.net", 403),
        ("ada@mx.throwaway.example.net", 403),
        ("ADA@THROWAWAY.example.net", 403),
        ("ada@notthrowaway.example.net", 201),
        ("ada@example.net", 201),
    ],
)
def test_a_domain_of_mail_is_banned_with_its_sub_domains(
    community: Community, moderator: Person, email: str, status: int
) -> None:
    ban(moderator, email_domain="Throwaway.example.net")
    assert register(community, "ada", email=email).status_code == status


def test_a_ban_ends_by_the_clock(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    ban(moderator, address=HERE, until="2036-01-01T00:00:00Z")
    assert register(community, "ada").json["until"] == "2036-01-01T00:00:00Z"
    let_pass(days=3700)
    assert register(community, "ada").status_code == 201


def test_a_lifted_ban_keeps_nobody_out(community: Community, moderator: Person) -> None:
    address = f"/moderation/bans/{ban(moderator, address=HERE)['id']}"
    assert moderator.delete(address).status_code == 204
    assert register(community, "ada").status_code == 201
    assert moderator.delete(address).json["code"] == "ban-lifted"


def test_the_author_of_a_reply_is_banned_by_where_they_come_from(
    community: Community, moderator: Person
) -> None:
    register(community, "ada")
    reply = community.reply(sign_in(community, "ada", ELSEWHERE))
    imposed = ban(moderator, from_reply=reply["id"])
    assert imposed["addresses"] == 2
    for address in (HERE, ELSEWHERE):
        assert register(community, "eve", address).json["code"] == "banned"


def test_what_is_forgotten_after_90_days_bans_nobody(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    register(community, "ada")
    reply = community.reply(sign_in(community, "ada", HERE))
    let_pass(seconds=KEPT_FOR.total_seconds() + 1)
    with community.app.app_context():
        forget_expired()
    moderator = community.moderator()
    body = {"reason": "Spam.", "from_reply": reply["id"]}
    assert moderator.post("/moderation/bans", body).json["code"] == "address-forgotten"


@on_one_database
@pytest.mark.parametrize(
    "by",
    [
        {},
        {"address": HERE, "email_domain": "throwaway.example"},
        {"address": "here"},
        {"email_domain": "@"},
    ],
)
def test_a_ban_is_by_one_thing_that_is_one(moderator: Person, by: Json) -> None:
    answer = moderator.post("/moderation/bans", {"reason": "Spam.", **by})
    assert answer.status_code == 422


@on_one_database
def test_bans_are_listed_without_addresses(community: Community, moderator: Person) -> None:
    ban(moderator, address=HERE)
    ban(moderator, email_domain="throwaway.example")
    answer = community.moderator().get("/moderation/bans")
    shown = [(each["addresses"], each["email_domain"]) for each in answer.json["items"]]
    assert shown == [(0, "throwaway.example"), (1, None)]
    assert HERE not in answer.text


@on_one_database
def test_members_ban_nobody(community: Community) -> None:
    robin = community.member()
    assert robin.post("/moderation/bans", {"reason": "x", "address": HERE}).status_code == 403


def test_no_address_stands_in_a_table(app: Flask, community: Community, moderator: Person) -> None:
    call: Json = {"environ_overrides": {"REMOTE_ADDR": HERE}, "headers": {"Idempotency-Key": "one"}}
    body = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
    assert community.passer_by.post("/auth/register", body, **call).status_code == 201
    community.reply(sign_in(community, "ada", HERE))
    ban(moderator, address=HERE)
    with app.app_context():
        stored = [
            repr(row)
            for table in METADATA.sorted_tables
            for row in db.session.execute(table.select())
        ]
    assert [row for row in stored if HERE in row] == []


def test_an_address_in_a_banned_domain_cannot_be_confirmed(
    community: Community, moderator: Person, mailbox: Mailbox
) -> None:
    register(community, "ada", email="ada@throwaway.example")
    ban(moderator, email_domain="throwaway.example")
    token = token_in(mailed(community, mailbox))
    answer = community.passer_by.post("/auth/email/confirm", {"token": token})
    assert answer.json["code"] == "banned"
