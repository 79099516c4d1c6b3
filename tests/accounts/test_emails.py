"""Confirming an address, and changing it."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import MailedToken
from forum.worker.jobs import forget_expired
from tests.accounts.mailed import NOOR, mailed, register, sign_in, token_in
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.test_races import at_once
from tests.worker import work_off

NEW = "noor@example.com"


def confirm(community: Community, token: str) -> Answer:
    return community.passer_by.post("/auth/email/confirm", {"token": token})


def change(noor: Person, email: str = NEW, password: str = PASSWORD) -> Answer:
    return noor.post("/auth/email/change", {"email": email, "password": password})


@pytest.fixture
def noor(community: Community) -> Person:
    return register(community)


@pytest.fixture
def confirmed(community: Community, mailbox: Mailbox, noor: Person) -> Person:
    confirm(community, token_in(mailed(community, mailbox)))
    return noor


def test_who_registers_is_mailed_a_link_that_confirms_the_address(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    letter = mailed(community, mailbox)
    assert letter.recipient == NOOR
    assert "“noor”" in letter.part("plain")
    assert confirm(community, token_in(letter)).json == {"state": "confirmed"}
    assert noor.ok("GET", "/me")["email_confirmed"] is True


def test_who_has_confirmed_may_vote(community: Community, confirmed: Person) -> None:
    vote = {"value": 1}
    assert confirmed.put(f"/replies/{community.reply()['id']}/vote", vote).status_code == 200


def test_a_link_confirms_once(community: Community, mailbox: Mailbox, noor: Person) -> None:
    token = token_in(mailed(community, mailbox))
    answers = [confirm(community, token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 422]
    assert answers[1].json["code"] == "invalid-mailed-token"


@on_one_database
def test_a_link_is_good_for_a_week(
    community: Community, mailbox: Mailbox, noor: Person, let_pass: LetPass
) -> None:
    token = token_in(mailed(community, mailbox))
    let_pass(days=7, seconds=1)
    assert confirm(community, token).status_code == 422


@on_one_database
@pytest.mark.usefixtures("noor")
def test_tokens_that_are_too_old_are_removed(
    community: Community, mailbox: Mailbox, session: Session, let_pass: LetPass
) -> None:
    mailed(community, mailbox)
    let_pass(days=7, seconds=1)
    forget_expired()
    assert session.scalars(select(MailedToken.id)).all() == []


@on_one_database
@pytest.mark.usefixtures("noor")
def test_of_a_token_only_a_hash_is_kept(
    community: Community, mailbox: Mailbox, session: Session
) -> None:
    token = token_in(mailed(community, mailbox))
    stored = session.scalars(select(MailedToken.token_hash)).all()
    assert len(stored) == 1
    assert token not in stored


@on_one_database
def test_another_link_can_be_asked_for(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    mailed(community, mailbox)
    assert noor.post("/auth/email/resend").status_code == 202
    assert confirm(community, token_in(mailed(community, mailbox))).status_code == 200


@on_one_database
def test_who_has_confirmed_is_mailed_no_other_link(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    assert confirmed.post("/auth/email/resend").status_code == 202
    work_off(community.app)
    assert mailbox.mails == []


def test_who_has_the_address_is_told_of_a_registration_with_it(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    register(community, "sam", NOOR.upper())
    letter = mailed(community, mailbox).part("plain")
    assert "“sam”" in letter
    assert "“noor”" in letter
    assert "token" not in letter


def test_of_several_with_an_address_one_alone_can_confirm_it(
    community: Community, mailbox: Mailbox
) -> None:
    tokens = []
    for name in ("noor", "sam"):
        register(community, name)
        tokens.append(token_in(mailed(community, mailbox)))
    assert [confirm(community, token).status_code for token in tokens[::-1]] == [200, 422]
    assert sign_in(community, NOOR).ok("GET", "/me")["username"] == "sam"


def test_of_several_who_confirm_an_address_at_once_one_succeeds(
    community: Community, mailbox: Mailbox
) -> None:
    tokens = []
    for name in ("noor", "sam", "kim"):
        register(community, name)
        tokens.append(token_in(mailed(community, mailbox)))
    answers = at_once([partial(confirm, community, token) for token in tokens])
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]


@on_one_database
def test_an_address_signs_in_who_gave_it_first_where_no_mail_can_confirm_it(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_SMTP_URL="")
    for name in ("noor", "sam"):
        register(community, name)
    assert sign_in(community, NOOR).ok("GET", "/me")["username"] == "noor"


def test_a_confirmed_address_stays_until_the_new_one_is_confirmed(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    asked = change(confirmed)
    assert asked.status_code == 202
    assert (asked.json["email"], asked.json["new_email"]) == (NOOR, NEW)
    confirm(community, token_in(mailed(community, mailbox)))
    me = confirmed.ok("GET", "/me")
    assert (me["email"], me["email_confirmed"], me["new_email"]) == (NEW, True, None)


def test_the_old_address_is_told_and_the_new_one_asked(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    change(confirmed)
    work_off(community.app)
    subjects = {mail.recipient: str(mail.message["Subject"]) for mail in mailbox.mails}
    assert subjects == {
        NOOR: "Your address at Crossroads is to change",
        NEW: "Confirm your address for Crossroads",
    }


@on_one_database
def test_changing_the_address_takes_the_password(confirmed: Person) -> None:
    assert change(confirmed, password="another quiet harbour").status_code == 401
    assert confirmed.ok("GET", "/me")["new_email"] is None


@on_one_database
def test_an_unconfirmed_address_is_replaced_at_once(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    old = token_in(mailed(community, mailbox))
    change(noor)
    assert confirm(community, old).status_code == 422
    assert noor.ok("GET", "/me")["email"] == NEW


@on_one_database
def test_a_change_to_the_address_of_another_is_answered_alike_and_never_happens(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    community.member("sam")
    asked = change(confirmed, "sam@example.org")
    assert (asked.status_code, asked.json["new_email"]) == (202, "sam@example.org")
    work_off(community.app)
    to_sam = [mail for mail in mailbox.mails if mail.recipient == "sam@example.org"]
    assert [str(mail.message["Subject"]) for mail in to_sam] == [
        "You have an account at Crossroads"
    ]


@on_one_database
def test_a_link_to_a_former_new_address_is_good_no_more(
    community: Community, mailbox: Mailbox, confirmed: Person
) -> None:
    change(confirmed)
    work_off(community.app)
    former = next(token_in(mail) for mail in mailbox.mails if mail.recipient == NEW)
    change(confirmed, "noor@example.net")
    assert confirm(community, former).status_code == 422
