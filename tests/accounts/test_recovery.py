"""Forgotten and changed passwords, and signing in by a mailed link."""

from functools import partial

import pytest

from tests.accounts.mailed import (
    NEW_PASSWORD,
    NOOR,
    ask,
    mailed,
    register,
    sign_in,
    token_for,
    token_in,
)
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.statements import recorded
from tests.test_races import at_once
from tests.worker import work_off

FORGOT, LINK = "password/forgot", "link"
every_letter = pytest.mark.parametrize("what", [FORGOT, LINK])


def reset(community: Community, token: str, password: str = NEW_PASSWORD) -> Answer:
    return community.passer_by.post("/auth/password/reset", {"token": token, "password": password})


def redeem(community: Community, token: str) -> Answer:
    return community.passer_by.post("/auth/link/redeem", {"token": token})


def change(noor: Person, password: str = PASSWORD, new: str = NEW_PASSWORD) -> Answer:
    return noor.post("/auth/password", {"password": password, "new_password": new})


def logs_in(community: Community, password: str) -> bool:
    body = {"login": "noor", "password": password}
    return community.passer_by.post("/auth/login", body).status_code == 200


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def test_a_mailed_link_replaces_a_forgotten_password(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    assert reset(community, token_for(community, mailbox, FORGOT)).status_code == 204
    assert logs_in(community, NEW_PASSWORD)
    assert not logs_in(community, PASSWORD)


def test_a_replaced_password_ends_whatever_else_opens_the_account(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    feed = noor.ok("POST", "/me/feed-tokens", {})["url"]
    program = noor.ok("POST", "/auth/tokens", {"name": "script", "scopes": ["read"]})["token"]
    link = token_for(community, mailbox, LINK)
    reset(community, token_for(community, mailbox, FORGOT))
    for token in (noor.token, program):
        assert Person(community.client, token=token).get("/me").json["code"] == "invalid-token"
    assert community.client.open(feed).status_code in {401, 404}
    assert redeem(community, link).status_code == 422


def test_the_owner_is_told_of_a_new_password(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    change(noor)
    subject = str(mailed(community, mailbox).message["Subject"])
    assert subject == "Your password at Crossroads was changed"


def test_a_reset_link_is_good_once_under_races(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    token = token_for(community, mailbox, FORGOT)
    answers = at_once([partial(reset, community, token)] * 3)
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422]


def test_of_two_reset_links_used_at_once_one_is_good(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    tokens = [token_for(community, mailbox, FORGOT) for _ in range(2)]
    answers = at_once([partial(reset, community, token) for token in tokens])
    assert sorted(answer.status_code for answer in answers) == [204, 422]


@on_one_database
def test_a_weak_password_spends_no_link(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    token = token_for(community, mailbox, FORGOT)
    weak = reset(community, token, "password123")
    assert (weak.json["code"], weak.json["errors"][0]["pointer"]) == ("weak-password", "/password")
    assert reset(community, token).status_code == 204


@on_one_database
@every_letter
def test_a_link_is_good_for_a_day(
    community: Community, mailbox: Mailbox, noor: Person, let_pass: LetPass, what: str
) -> None:
    token = token_for(community, mailbox, what)
    let_pass(hours=24, seconds=1)
    use = reset if what == FORGOT else redeem
    assert use(community, token).status_code == 422


@on_one_database
def test_a_link_is_good_for_nothing_else(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    assert redeem(community, token_for(community, mailbox, FORGOT)).status_code == 422
    assert reset(community, token_for(community, mailbox, LINK)).status_code == 422


def test_a_changed_password_ends_links_and_all_other_sessions(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    tokens = {what: token_for(community, mailbox, what) for what in (FORGOT, LINK)}
    elsewhere = sign_in(community, "noor")
    assert change(noor).status_code == 204
    assert noor.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 401
    assert reset(community, tokens[FORGOT]).status_code == 422
    assert redeem(community, tokens[LINK]).status_code == 422


@on_one_database
def test_changing_the_password_takes_the_old_one(community: Community, noor: Person) -> None:
    assert change(noor, password="another quiet harbour").json["code"] == "invalid-credentials"
    assert logs_in(community, PASSWORD)


@on_one_database
def test_a_changed_password_must_not_be_weak(noor: Person) -> None:
    refused = change(noor, new="password123").json
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("weak-password", "/new_password")


@on_one_database
def test_a_changed_password_ends_a_change_of_address(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    body = {"email": "thief@example.com", "password": PASSWORD}
    noor.ok("POST", "/auth/email/change", body)
    token = token_in(mailed(community, mailbox))
    change(noor)
    assert community.passer_by.post("/auth/email/confirm", {"token": token}).status_code == 422


@pytest.mark.parametrize("what", [FORGOT, LINK])
def test_links_end_with_the_address_they_came_to(
    community: Community, mailbox: Mailbox, noor: Person, what: str
) -> None:
    token = token_for(community, mailbox, what)
    noor.ok("POST", "/auth/email/change", {"email": "n@example.com", "password": PASSWORD})
    work_off(community.app)
    new = next(token_in(mail) for mail in mailbox.mails if mail.recipient == "n@example.com")
    community.passer_by.ok("POST", "/auth/email/confirm", {"token": new})
    assert (reset if what == FORGOT else redeem)(community, token).status_code == 422


def test_a_mailed_link_signs_in(community: Community, mailbox: Mailbox, noor: Person) -> None:
    token = token_for(community, mailbox, LINK)
    pair = redeem(community, token).json
    assert Person(community.client, "", pair["access_token"]).ok("GET", "/me")["username"] == "noor"
    assert redeem(community, token).status_code == 422


def test_a_link_signs_in_once_under_races(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    token = token_for(community, mailbox, LINK)
    answers = at_once([partial(redeem, community, token)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


@on_one_database
def test_an_unconfirmed_address_gets_no_link_but_may_replace_the_password(
    community: Community, mailbox: Mailbox
) -> None:
    register(community)
    mailed(community, mailbox)
    ask(community, LINK)
    work_off(community.app)
    assert mailbox.mails == []
    reset(community, token_for(community, mailbox, FORGOT))
    assert sign_in(community, "noor", NEW_PASSWORD).ok("GET", "/me")["email_confirmed"] is True


@on_one_database
@every_letter
def test_who_has_no_account_gets_no_letter(
    community: Community, mailbox: Mailbox, what: str
) -> None:
    ask(community, what, "nobody@example.org")
    work_off(community.app)
    assert mailbox.mails == []


@every_letter
def test_an_address_is_asked_about_without_looking_for_its_account(
    community: Community, noor: Person, what: str
) -> None:
    answers, asked = [], []
    for address in (NOOR, "nobody@example.org"):
        with recorded(community.app) as sent:
            answer = ask(community, what, address)
        answers.append((answer.status_code, answer.json))
        asked.append([statement.sql for statement in sent])
    assert answers[0] == answers[1]
    assert asked[0] == asked[1]
    assert not any("members" in sql for sql in asked[0])


@on_one_database
def test_a_mailbox_gets_no_more_letters_of_a_kind_than_so_many_a_day(
    community: Community, mailbox: Mailbox, noor: Person, let_pass: LetPass
) -> None:
    for _ in range(7):
        assert ask(community, FORGOT).status_code == 202
    work_off(community.app)
    assert len(mailbox.mails) == 5
    assert reset(community, token_in(mailbox.mails[0])).status_code == 204
    let_pass(hours=24, seconds=1)
    assert token_for(community, mailbox, FORGOT)


@on_one_database
def test_letters_of_one_kind_leave_room_for_the_others(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    for _ in range(7):
        ask(community, FORGOT)
    assert redeem(community, token_for(community, mailbox, LINK)).status_code == 200


@on_one_database
def test_links_lead_to_the_address_of_the_site_whatever_the_request_says(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    community.passer_by.post(f"/auth/{FORGOT}", {"email": NOOR}, headers=headers)
    assert "evil.example" not in mailed(community, mailbox).content.decode()
