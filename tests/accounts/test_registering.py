"""Opening an account."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.accounts import commands
from forum.accounts.passwords import hash_password
from forum.core.db import db
from tests.apps import Answer
from tests.community import PASSWORD, Community
from tests.databases import on_one_database
from tests.statements import recorded

NOOR = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}


def register(community: Community, **changes: Any) -> Answer:
    return community.passer_by.post("/auth/register", {**NOOR, **changes})


def test_registering_opens_the_account_of_an_unconfirmed_member(community: Community) -> None:
    answer = register(community)
    account = answer.json
    del account["id"], account["created_at"]
    assert answer.status_code == 201
    assert account == {
        "username": "noor",
        "display_name": "noor",
        "role": "member",
        "email": "noor@example.org",
        "email_confirmed": False,
        "new_email": None,
        "avatar_url": None,
    }


def test_a_display_name_may_be_chosen(community: Community) -> None:
    assert register(community, display_name="Noor H.").json["display_name"] == "Noor H."


def test_the_answer_never_carries_the_password(community: Community) -> None:
    assert PASSWORD not in register(community).text


@pytest.mark.parametrize("twin", ["noor", "NOOR", "no0r"])
def test_a_name_that_looks_like_a_taken_one_is_refused(community: Community, twin: str) -> None:
    register(community)
    answer = register(community, username=twin, email="other@example.org")
    assert (answer.status_code, answer.json["code"]) == (409, "username-taken")
    assert answer.json["errors"][0]["pointer"] == "/username"


@on_one_database
@pytest.mark.parametrize("reserved", ["admin", "Moderator", "deleted-member", "r00t"])
def test_a_reserved_name_is_refused(community: Community, reserved: str) -> None:
    answer = register(community, username=reserved)
    assert (answer.status_code, answer.json["code"]) == (409, "username-taken")


def test_a_known_address_is_answered_like_a_new_one(community: Community) -> None:
    community.member("holder")
    known = register(community, username="one", email="HOLDER@example.org")
    new = register(community, username="two", email="HOLDING@example.org")
    assert (known.status_code, new.status_code) == (201, 201)
    assert known.json.keys() == new.json.keys()
    assert known.json["email_confirmed"] is new.json["email_confirmed"] is False


@on_one_database
def test_signing_in_by_an_address_that_is_not_confirmed_tells_nothing_of_it(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_SMTP_URL="smtp://127.0.0.1:1")
    register(community)
    passwords = {name: f"{PASSWORD} of {name}" for name in ("ada", "robin")}
    addresses = {"ada": NOOR["email"], "robin": "unknown@example.org"}
    answers = []
    for name, email in addresses.items():
        register(community, username=name, email=email, password=passwords[name])
        login = {"login": email, "password": passwords[name]}
        answers.append(community.passer_by.post("/auth/login", login).status_code)
    assert answers == [401, 401]


def test_no_lock_is_held_while_the_password_is_hashed(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def noting(password: str) -> str:
        held.append(db.session().in_transaction())
        return hash_password(password)

    monkeypatch.setattr(commands, "hash_password", noting)
    register(community)
    assert held == [False]


def test_registering_is_the_same_work_for_a_known_address(app: Flask, community: Community) -> None:
    community.member("holder")
    sent = []
    for name, address in (("one", "holder@example.org"), ("two", "nobody@example.org")):
        with recorded(app) as statements:
            register(community, username=name, email=address)
        sent.append([statement.sql for statement in statements])
    assert sent[0] == sent[1]


@on_one_database
@pytest.mark.parametrize("weak", ["short one", "password123", "noor@example.org", "aaaaaaaaaaaaa"])
def test_a_password_that_is_easy_to_guess_is_refused(community: Community, weak: str) -> None:
    answer = register(community, password=weak)
    assert (answer.status_code, answer.json["code"]) == (422, "weak-password")
    assert answer.json["errors"][0]["pointer"] == "/password"


@on_one_database
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("username", "n"),
        ("username", "no or"),
        ("username", "n" * 33),
        ("username", "нoor"),
        ("username", 7),
        ("email", "noor"),
        ("email", "noor@example.org\r\nBcc: all@example.org"),
        ("email", "n" * 300 + "@example.org"),
        ("password", "x" * 257),
        ("password", "three quiet\0harbour lights"),
        ("password", None),
        ("display_name", " "),
        ("display_name", "Noor\u202egnp.exe"),
        ("display_name", "n" * 81),
        ("role", "admin"),
    ],
)
def test_what_does_not_fit_is_pointed_at(community: Community, member: str, value: Any) -> None:
    answer = register(community, **{member: value})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{member}"]


def test_everything_that_is_wrong_is_told_at_once(community: Community) -> None:
    answer = community.passer_by.post("/auth/register", {"email": "x", "colour": "red"})
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert pointers == {"/username", "/email", "/password", "/colour"}


def test_a_refused_registration_leaves_no_account(community: Community) -> None:
    register(community, password="password123")
    assert register(community).status_code == 201
