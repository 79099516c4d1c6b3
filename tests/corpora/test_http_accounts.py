"""Names, passwords and addresses that others have collected, at the door of the forum."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse

from forum.accounts.names import USERNAME_PATTERN
from forum.accounts.passwords import MIN_LENGTH
from tests.apps import Answer
from tests.community import PASSWORD, Community
from tests.corpora.corpora import HOME, records, texts
from tests.databases import on_one_database

pytestmark = on_one_database

DELIVERABLE = {"ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"}


def register(community: Community, **data: Any) -> Answer:
    known = {"username": "sam-the-third", "email": "sam@example.org", "password": PASSWORD}
    return community.passer_by.post("/auth/register", {**known, **data})


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_no_reserved_name_can_be_registered(
    community: Community, case: Callable[[str], str]
) -> None:
    names = [case(name) for name in texts("unicode/reserved_usernames.json")]
    answers = {name: register(community, username=name) for name in names}
    assert len(names) > 600
    expected = {
        name: "username-taken" if re.fullmatch(USERNAME_PATTERN, name) else "invalid"
        for name in names
    }
    assert {name: answer.json["code"] for name, answer in answers.items()} == expected


def test_nobody_can_register_to_look_like_another(community: Community) -> None:
    pairs = records("unicode/confusable_usernames_derived.json")
    for victim in {pair["victim"] for pair in pairs}:
        community.member(victim)
    answers = {
        pair["attack"]: register(community, username=pair["attack"]).status_code for pair in pairs
    }
    assert len(answers) > 1_300
    assert {name: status for name, status in answers.items() if status not in {409, 422}} == {}


def test_no_common_password_can_be_registered(community: Community) -> None:
    lines = (HOME / "passwords/django_common_passwords.txt").read_text("utf-8").splitlines()
    common = [password for password in lines if len(password) >= MIN_LENGTH]
    answers = {password: register(community, password=password) for password in common}
    assert len(common) > 1_700
    assert [
        password for password, answer in answers.items() if answer.json["code"] != "weak-password"
    ] == []


def test_an_address_is_taken_if_mail_can_be_delivered_to_it(community: Community) -> None:
    cases = list(parse(HOME / "email/isemail_tests.xml").iter("test"))
    answers = {
        number: register(community, username=f"sam-{number}", email=address(case)).status_code
        for number, case in enumerate(cases)
    }
    assert len(cases) > 160
    unexpected = {
        address(case): (case.findtext("diagnosis"), answers[number])
        for number, case in enumerate(cases)
        if not is_expected(case, answers[number])
    }
    assert unexpected == {}


def is_expected(case: Element, status: int) -> bool:
    """An address twice is taken (409); a domain without a dot has no mail by ICANN's rules."""
    category, domain = case.findtext("category"), address(case).rpartition("@")[2]
    if category == "ISEMAIL_ERR":
        return status == 422
    if category in DELIVERABLE and "." in domain:
        return status in {201, 409}
    return status in {201, 409, 422}


def address(case: Element) -> str:
    """The address of a case; the corpus writes control characters as their symbols."""
    return re.sub(
        "[\u2400-\u241f]", lambda m: chr(ord(m[0]) - 0x2400), case.findtext("address", "")
    )
