"""The pages that mails about accounts lead to."""

import pytest

from tests.accounts.mailed import NEW_PASSWORD, NOOR, ask, mailed, page_in, register, sign_in
from tests.accounts.mailed import token_in as token_of
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.web.page import Page, said

pytestmark = on_one_database


@pytest.fixture
def noor(community: Community) -> Person:
    return community.member("noor", password=PASSWORD)


def page_for(community: Community, mailbox: Mailbox, what: str) -> str:
    """The address in the letter that somebody asks for."""
    ask(community, what)
    return page_in(mailed(community, mailbox))


def test_the_page_that_confirms_acts_when_its_button_is_pressed(
    community: Community, mailbox: Mailbox
) -> None:
    noor = register(community)
    address = page_in(mailed(community, mailbox))
    page = Page(community.client.open(address))
    assert (page.one("form").get("method"), NOOR in page.text) == ("post", True)
    assert noor.ok("GET", "/me")["email_confirmed"] is False
    assert Page(community.client.open(address, method="POST")).status == 200
    assert noor.ok("GET", "/me")["email_confirmed"] is True


def test_the_page_for_a_new_password_takes_one(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    address = page_for(community, mailbox, "password/forgot")
    assert Page(community.client.open(address)).one("input", name="password") is not None
    weak = community.client.open(address, method="POST", data={"password": "password123"})
    assert Page(weak).status == 422
    chosen = community.client.open(address, method="POST", data={"password": NEW_PASSWORD})
    assert Page(chosen).status == 200
    assert sign_in(community, "noor", NEW_PASSWORD).ok("GET", "/me")["username"] == "noor"


def test_the_page_for_signing_in_shows_the_code_and_spends_it_not(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    ask(community, "link")
    letter = mailed(community, mailbox)
    page = Page(community.client.open(page_in(letter)))
    assert said(page.one("code")) == token_of(letter)
    redeemed = community.passer_by.post("/auth/link/redeem", {"token": token_of(letter)})
    assert redeemed.status_code == 200


@pytest.mark.parametrize("name", ["confirm", "password", "sign-in"])
def test_a_made_up_link_is_a_page_that_says_so(community: Community, name: str) -> None:
    assert Page(community.client.open(f"/account/{name}?token=made-up")).status == 422


def test_no_cache_keeps_what_a_link_shows(
    community: Community, mailbox: Mailbox, noor: Person
) -> None:
    answer = community.client.open(page_for(community, mailbox, "link"))
    assert answer.headers["Cache-Control"] == "no-store"
