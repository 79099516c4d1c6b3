"""Mail to addresses of people without an account, who have confirmed that they want it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.notifications.models import Notification, Subscriber, Subscription
from tests.clocks import LetPass
from tests.community import Community, Json
from tests.hiding import Hide, every_way_to_hide
from tests.mail_servers import Mailbox, Received
from tests.notifications.test_stopping import BASE, link, press
from tests.notifications.told import follow
from tests.web.page import Page
from tests.worker import work_off

PAT = "pat@example.com"


def ask(community: Community, what: str, email: str = PAT, mail: str = "now") -> Json:
    """Ask for mail about `/threads/7`, for example."""
    body = {"email": email, "mail": mail}
    asked: Json = community.passer_by.ok("POST", f"{what}/subscription/requests", body)
    work_off(community.app)
    return asked


def confirmation(mail: Received) -> str:
    """The link in a mail that asks for a confirmation, without scheme and host."""
    (found,) = re.findall(rf"{BASE}(/subscriptions/confirm\S+)", mail.part("plain"))
    return str(found)


def subscribe(community: Community, mailbox: Mailbox, what: str, mail: str = "now") -> None:
    """Have PAT mailed about something, and forget the mails that it took."""
    ask(community, what, mail=mail)
    assert press(community, confirmation(mailbox.mails[-1])).status_code == 200
    mailbox.empty()


def to_pat(mailbox: Mailbox) -> list[Received]:
    return [mail for mail in mailbox.mails if mail.recipient == PAT]


def number(session: Session, table: type[Subscriber | Subscription | Notification]) -> int | None:
    return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize("what", ["/threads/{thread}", "/posts/{post}", "/paths/technical-path"])
def test_who_confirmed_is_mailed_what_is_new(
    community: Community, mailbox: Mailbox, what: str
) -> None:
    post = community.post()
    thread = community.thread(post=post)
    subscribe(community, mailbox, what.format(thread=thread["id"], post=post["slug"]))
    reply = community.reply(thread=thread, path="technical-path", body="Take the team.")
    work_off(community.app)
    (mail,) = to_pat(mailbox)
    assert mail.message["Message-ID"] == f"<replies/{reply['id']}@localhost>"
    assert "Take the team." in mail.part("plain")


def test_who_has_not_confirmed_is_mailed_nothing_more(
    community: Community, mailbox: Mailbox, session: Session
) -> None:
    thread = community.thread()
    ask(community, f"/threads/{thread['id']}")
    mailbox.empty()
    community.reply(thread=thread)
    work_off(community.app)
    assert to_pat(mailbox) == []
    assert number(session, Subscriber) == 1  # who opened the thread


def test_the_question_tells_nothing_that_members_wrote(
    community: Community, mailbox: Mailbox
) -> None:
    post = community.post(title="Staff or manager?")
    thread = community.thread(post=post, title="Cheap watches at watches.example")
    ask(community, f"/threads/{thread['id']}")
    mail = mailbox.only()
    subject = str(mail.message["Subject"])
    assert f"thread {thread['id']} below “Staff or manager?”" in subject
    assert "watches" not in subject + mail.part("plain") + mail.part("html")


def test_looking_at_the_link_confirms_nothing(community: Community, mailbox: Mailbox) -> None:
    thread = community.thread(title="My offer")
    ask(community, f"/threads/{thread['id']}", mail="weekly")
    page = Page(community.client.open(confirmation(mailbox.only())))
    for part in ("“My offer”", PAT, "once a week"):
        assert part in page.text
    mailbox.empty()
    community.reply(thread=thread)
    work_off(community.app)
    assert to_pat(mailbox) == []


def test_confirming_again_changes_nothing(
    community: Community, mailbox: Mailbox, session: Session
) -> None:
    ask(community, "/paths/technical-path")
    address = confirmation(mailbox.only())
    for _ in range(2):
        assert press(community, address).status_code == 200
    assert number(session, Subscription) == 1


def test_the_answer_does_not_tell_whether_an_address_is_known(
    community: Community, mailbox: Mailbox
) -> None:
    member = community.member()
    what = f"/threads/{community.thread()['id']}"
    subscribe(community, mailbox, what)
    known = [ask(community, what, email) for email in (PAT, f"{member.username}@example.org")]
    assert known == [ask(community, what, "new@example.com")] * 2
    assert [mail.recipient for mail in mailbox.mails][-3:] == [
        PAT,
        f"{member.username}@example.org",
        "new@example.com",
    ]


def test_an_address_is_asked_five_times_a_day(
    make_community: Callable[..., Community], mailbox: Mailbox
) -> None:
    community = make_community(FORUM_RATELIMIT_ENABLED="true")
    asked = [ask(community, "/paths/technical-path") for _ in range(7)]
    assert asked == [{"state": "asked"}] * 7
    assert len(mailbox.mails) == 5
    ask(community, "/paths/technical-path", "other@example.com")
    assert len(mailbox.mails) == 6


def test_a_caller_asks_so_often_and_not_more(make_community: Callable[..., Community]) -> None:
    community = make_community(
        FORUM_RATELIMIT_ENABLED="true", FORUM_RATELIMIT_SUBSCRIBE="2 per hour"
    )
    body = {"email": PAT}
    address = "/paths/technical-path/subscription/requests"
    statuses = [community.passer_by.post(address, body).status_code for _ in range(3)]
    assert statuses == [202, 202, 429]


def test_an_old_link_confirms_nothing(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    ask(community, "/paths/technical-path")
    let_pass(days=8)
    assert press(community, confirmation(mailbox.only())).status_code == 404


@every_way_to_hide
def test_mail_about_what_is_hidden_cannot_be_confirmed(
    community: Community, mailbox: Mailbox, hide: Hide
) -> None:
    author, post = community.member(), community.post()
    thread = community.thread(author, post, title="Quokkas")
    ask(community, f"/threads/{thread['id']}")
    address = confirmation(mailbox.only())
    hide(community, author, post, f"/threads/{thread['id']}")
    for method in ("GET", "POST"):
        answer = community.client.open(address, method=method)
        assert answer.status_code == 404
        assert "Quokkas" not in answer.text


def test_one_click_ends_it_and_forgets_the_address(
    community: Community, mailbox: Mailbox, session: Session
) -> None:
    thread = community.thread()
    subscribe(community, mailbox, f"/threads/{thread['id']}")
    community.reply(thread=thread)
    work_off(community.app)
    press(community, link(to_pat(mailbox)[0]))
    community.reply(thread=thread)
    work_off(community.app)
    assert len(to_pat(mailbox)) == 1
    known = session.scalars(select(Subscriber.email_key).where(Subscriber.email_key == PAT)).all()
    assert known == []


def test_what_else_is_followed_goes_on(community: Community, mailbox: Mailbox) -> None:
    ended, other = community.thread(), community.thread()
    for thread in (ended, other):
        subscribe(community, mailbox, f"/threads/{thread['id']}")
    community.reply(thread=ended)
    work_off(community.app)
    press(community, link(to_pat(mailbox)[0]))
    for thread in (ended, other):
        community.reply(thread=thread)
    work_off(community.app)
    assert len(to_pat(mailbox)) == 2


def test_what_waits_for_a_digest_is_not_mailed_after_the_end(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    daily, at_once = community.thread(), community.thread()
    subscribe(community, mailbox, f"/threads/{daily['id']}", mail="daily")
    subscribe(community, mailbox, f"/threads/{at_once['id']}")
    community.reply(thread=daily)
    let_pass(days=1)
    work_off(community.app)
    community.reply(thread=daily)
    work_off(community.app)
    press(community, link(to_pat(mailbox)[0]))
    let_pass(days=1)
    work_off(community.app)
    assert len(to_pat(mailbox)) == 1


@pytest.mark.parametrize(
    "body", [{}, {"email": "nobody"}, {"email": PAT, "mail": "never"}, {"email": PAT, "x": 1}]
)
def test_what_is_no_request_is_refused(community: Community, body: Json) -> None:
    answer = community.passer_by.post("/paths/technical-path/subscription/requests", body)
    assert answer.status_code == 422


def test_who_comes_after_somebody_who_left_is_told_apart_from_them(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    opener, bob = community.member(), community.member()
    thread = community.thread(opener)
    follow(opener, f"/threads/{thread['id']}", level="none")
    subscribe(community, mailbox, f"/threads/{thread['id']}")
    community.reply(thread=thread)
    work_off(community.app)
    mailbox.answers_to_recipient.append("450 4.2.1 Later")
    community.reply(thread=thread)
    work_off(community.app)
    press(community, link(mailbox.only()))
    mailbox.empty()
    follow(bob, f"/threads/{thread['id']}", mail="now")
    for _ in range(2):
        community.reply(thread=thread, body="Only followers are told.")
    work_off(community.app)
    let_pass(hours=1)
    work_off(community.app)
    assert [mail.recipient for mail in mailbox.mails] == [f"{bob.username}@example.org"] * 2
