"""Joining users of other sites to an account that there is."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from forum.accounts import queries, ways_in
from forum.accounts.vouching import Vouched
from forum.app import create_app
from forum.core.db import db, writing
from forum.core.mail.mailer import current_mailer
from tests.accounts.mailed import mailed
from tests.accounts.test_sso import ISSUER, SECRET, sign_in, token, user
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database, settings_for
from tests.mail_servers import Mailbox
from tests.test_races import request, statuses

ANOTHER = "https://id.example.com"
IDENTITIES = "/auth/identities"
JOIN = f"{IDENTITIES}/sso"


@pytest.fixture(scope="module")
def made() -> dict[str, Flask]:
    return {}


@pytest.fixture
def community(made: dict[str, Flask], database_url: str) -> Iterator[Community]:
    """A forum that two other sites sign people in to."""
    if database_url not in made:
        settings = {
            "FORUM_SSO_SECRET": SECRET,
            "FORUM_SSO_ISSUER": ISSUER,
            "FORUM_SSO_ROLES": "true",
            "FORUM_OIDC_PROVIDERS": {"another": {"issuer": ANOTHER, "client_id": "forum"}},
        }
        made[database_url] = create_app(settings_for(database_url, **settings))
    yield Community(made[database_url])
    with made[database_url].app_context():
        db.engine.dispose()
        current_mailer().transport.close()


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def join(person: Person, with_token: str, password: str = PASSWORD) -> Answer:
    return person.post(JOIN, {"token": with_token, "password": password})


def joined(person: Person, **more: Any) -> int:
    """The id of an identity that somebody joins."""
    answer = join(person, token(**more))
    assert answer.status_code == 201, answer.text
    identity_id: int = answer.json["id"]
    return identity_id


def join_another(community: Community, person: Person) -> int:
    """The id of an identity at another site."""
    with community.app.app_context(), writing():
        member_id = queries.member_by_username(db.session(), person.username).id
        vouched = Vouched(ANOTHER, person.username)
        identity = ways_in.add(db.session(), member_id, vouched, opened_account=False)
        db.session.commit()
        return identity.id


def test_who_has_joined_an_identity_signs_in_by_it(community: Community, noor: Person) -> None:
    identity_id = joined(noor)
    assert user(community).ok("GET", "/me")["id"] == noor.ok("GET", "/me")["id"]
    (mine,) = noor.ok("GET", IDENTITIES)["items"]
    assert mine == noor.ok("GET", f"{IDENTITIES}/{identity_id}")
    assert (mine["issuer"], mine["subject"]) == (ISSUER, "user-17")


@on_one_database
def test_an_identity_that_was_joined_only_signs_in(community: Community, noor: Person) -> None:
    joined(noor)
    before = noor.ok("GET", "/me")
    told = {"email": "robin@example.org", "email_verified": True, "role": "moderator"}
    assert user(community, **told).ok("GET", "/me") == before


@on_one_database
def test_an_identity_has_one_account(community: Community, noor: Person) -> None:
    joined(noor)
    user(community, sub="user-18")
    again = [join(noor, token()), join(community.member(), token(sub="user-18"))]
    assert [answer.json["code"] for answer in again] == ["identity-taken"] * 2


def test_of_two_who_join_an_identity_at_once_one_has_it(community: Community, noor: Person) -> None:
    people = [noor, community.member(password=PASSWORD)]
    acts = [
        request(person, "POST", JOIN, {"token": token(), "password": PASSWORD})
        for person in people * 2
    ]
    assert statuses(acts) == {201: 1, 409: 3}


@on_one_database
def test_a_token_joins_once_and_then_signs_nobody_in(community: Community, noor: Person) -> None:
    once = token()
    assert join(noor, once).status_code == 201
    assert sign_in(community, once).json["code"] == "sign-in-refused"


@on_one_database
def test_joining_takes_the_password(community: Community, noor: Person) -> None:
    once = token()
    assert join(noor, once, "another quiet harbour").json["code"] == "invalid-credentials"
    assert join(noor, once).status_code == 201


@on_one_database
def test_joining_takes_a_new_session_of_who_has_no_password(
    community: Community, let_pass: LetPass
) -> None:
    robin = user(community)
    let_pass(minutes=11)
    assert join(robin, token(sub="user-18")).json["code"] == "sign-in-again"
    assert join(user(community), token(sub="user-18")).status_code == 201


@on_one_database
def test_the_address_is_told_of_what_was_joined(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    joined(noor)
    letter = mailed(community, mailbox)
    assert letter.recipient == "noor@example.org"
    assert ISSUER in letter.part("plain")


def test_what_was_removed_signs_in_no_more(community: Community, noor: Person) -> None:
    assert noor.delete(f"{IDENTITIES}/{joined(noor)}").status_code == 204
    assert user(community).ok("GET", "/me")["id"] != noor.ok("GET", "/me")["id"]


@on_one_database
def test_the_last_way_in_stays(community: Community) -> None:
    robin = user(community)
    (mine,) = robin.ok("GET", IDENTITIES)["items"]
    assert robin.delete(f"{IDENTITIES}/{mine['id']}").json["code"] == "last-way-in"
    user(community, email="robin@example.org", email_verified=True)
    assert robin.delete(f"{IDENTITIES}/{mine['id']}").status_code == 204


def test_a_way_in_stays_when_all_are_removed_at_once(community: Community) -> None:
    robin = user(community)
    robin.username = robin.ok("GET", "/me")["username"]
    join_another(community, robin)
    mine = robin.ok("GET", IDENTITIES)["items"]
    acts = [request(robin, "DELETE", f"{IDENTITIES}/{each['id']}") for each in mine]
    assert statuses(acts) == {204: 1, 409: 1}


@on_one_database
def test_identities_of_others_are_not_found(community: Community, noor: Person) -> None:
    address = f"{IDENTITIES}/{joined(noor)}"
    other = community.member()
    assert [other.get(address).status_code, other.delete(address).status_code] == [404] * 2
