"""Ending mail by the link in it, as people and as mail programs do (RFC 8058)."""

import pytest

from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.mail_servers import Mailbox, Received
from tests.notifications.told import follow, unread
from tests.web.page import Page
from tests.worker import work_off

BASE = "http://127.0.0.1:8000"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(mail: Received) -> str:
    """Where the mail can be ended, without scheme and host."""
    return str(mail.message["List-Unsubscribe"]).strip("<>").removeprefix(BASE)


def press(community: Community, address: str) -> Answer:
    """What a mail program does."""
    return community.client.open(address, method="POST", data=ONE_CLICK)


@pytest.fixture
def answered(community: Community, mailbox: Mailbox) -> tuple[Person, Received]:
    """Somebody who chose nothing, and the mail about an answer to them."""
    ada = community.member()
    community.reply(thread=community.thread(ada))
    work_off(community.app)
    return ada, mailbox.only()


def test_one_click_ends_mail_without_signing_in(
    community: Community, mailbox: Mailbox, answered: tuple[Person, Received]
) -> None:
    ada, mail = answered
    assert press(community, link(mail)).status_code == 200
    community.reply(thread=community.thread(ada))
    assert unread(community, ada) == 2
    assert len(mailbox.mails) == 1
    assert ada.ok("GET", "/community/subscription")["mail"] == "never"


def test_looking_at_the_link_changes_nothing(
    community: Community, mailbox: Mailbox, answered: tuple[Person, Received]
) -> None:
    ada, mail = answered
    page = Page(community.client.open(link(mail)))
    assert page.one("form").get("method") == "post"
    community.reply(thread=community.thread(ada))
    work_off(community.app)
    assert len(mailbox.mails) == 2
    assert ada.ok("GET", "/community/subscription")["chosen_at"] is None


def test_ending_it_again_changes_nothing(
    community: Community, answered: tuple[Person, Received]
) -> None:
    _, mail = answered
    first, second = (press(community, link(mail)) for _ in range(2))
    assert (first.status_code, first.text) == (second.status_code, second.text)


def test_mail_about_what_was_chosen_ends_for_that_alone(
    community: Community, mailbox: Mailbox
) -> None:
    fan, post = community.member(), community.post()
    followed, other = community.thread(post=post), community.thread(post=post)
    work_off(community.app)
    for thread in (followed, other):
        follow(fan, f"/threads/{thread['id']}", mail="now")
    community.reply(thread=followed)
    work_off(community.app)
    (mail,) = [mail for mail in mailbox.mails if mail.recipient.startswith(fan.username)]
    press(community, link(mail))
    chosen = [
        fan.ok("GET", f"/threads/{thread['id']}/subscription") for thread in (followed, other)
    ]
    assert [(each["level"], each["mail"]) for each in chosen] == [("all", "never"), ("all", "now")]


@pytest.mark.parametrize("level", ["all", "participating"])
def test_mail_ends_also_about_what_is_not_chosen_any_more(
    community: Community, mailbox: Mailbox, level: str
) -> None:
    ada = community.member()
    thread = community.thread(ada)
    address = f"/threads/{thread['id']}"
    follow(ada, "/community", level=level, mail="now")
    follow(ada, address, mail="now")
    community.reply(thread=thread)
    work_off(community.app)
    ada.ok("DELETE", f"{address}/subscription")
    press(community, link(mailbox.only()))
    community.reply(thread=thread)
    assert unread(community, ada) == 2
    assert len(mailbox.mails) == 1
    chosen = ada.ok("GET", f"{address}/subscription")
    assert (chosen["level"], chosen["mail"]) == (level, "never")


def test_ending_digests_ends_all_mail(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    follow(fan, "/community", mail="daily")
    follow(fan, "/paths/technical-path", mail="weekly")
    community.thread()
    let_pass(days=1)
    work_off(community.app)
    press(community, link(mailbox.only()))
    assert fan.ok("GET", "/community/subscription")["mail"] == "never"
    assert fan.ok("GET", "/paths/technical-path/subscription")["mail"] == "never"


def test_a_mail_that_waits_is_not_sent_to_who_wants_none(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    ada = community.member()
    mailbox.answers_to_recipient.append("450 4.2.1 Later")
    community.reply(thread=community.thread(ada))
    work_off(community.app)
    follow(ada, "/community", level="participating", mail="never")
    let_pass(hours=1)
    work_off(community.app)
    assert mailbox.mails == []


def test_a_link_of_somebody_who_left_still_answers(community: Community, mailbox: Mailbox) -> None:
    ada = community.member(password=PASSWORD)
    community.reply(thread=community.thread(ada))
    work_off(community.app)
    ada.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    work_off(community.app)
    assert press(community, link(mailbox.only())).status_code == 200


@pytest.mark.parametrize("token", ["", "?token=", "?token=forged", "?token=a%00b"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("verb", ["stop", "confirm"])
def test_other_links_lead_nowhere(community: Community, verb: str, method: str, token: str) -> None:
    answer = community.client.open(f"/subscriptions/{verb}{token}", method=method)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_a_link_is_good_for_its_purpose_only(
    community: Community, answered: tuple[Person, Received]
) -> None:
    _, mail = answered
    other = link(mail).replace("/stop", "/confirm")
    assert press(community, other).status_code == 404


def test_nobody_keeps_the_page(community: Community, answered: tuple[Person, Received]) -> None:
    _, mail = answered
    answer = community.client.open(link(mail))
    assert answer.headers["Cache-Control"] == "no-store"
