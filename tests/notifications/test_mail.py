"""Mail about what members are told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import writing
from forum.core.outbox import RecordedEvent
from forum.notifications.models import NOW, Notification, Subscriber
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.hiding import Hide, every_way_to_hide
from tests.mail_servers import Mailbox, Received
from tests.notifications.told import follow, unread
from tests.worker import work_off

MONDAY_NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_monday(let_pass: LetPass) -> None:
    """Tests begin on a Monday at noon, just after all digests."""
    let_pass(seconds=(MONDAY_NOON - clock.now()).total_seconds())


def to(person: Person, mailbox: Mailbox) -> list[Received]:
    """What a member was mailed."""
    return [m for m in mailbox.mails if m.recipient == f"{person.username}@example.org"]


def only(person: Person, mailbox: Mailbox) -> Received:
    """The only mail to a member."""
    (mail,) = to(person, mailbox)
    return mail


def test_an_answer_is_mailed_at_once(community: Community, mailbox: Mailbox) -> None:
    ada, ben = community.member("ada-berg"), community.member("ben-cole")
    thread = community.thread(post=community.post(title="Lead or code?"), title="My offer")
    answered = community.reply(ada, thread)
    answer = community.reply(ben, to=answered, body="Take *the* team.")
    work_off(community.app)
    mail = only(ada, mailbox)
    assert mail.recipient == "ada-berg@example.org"
    assert mail.message["Subject"] == "Re: My offer"
    assert mail.message["From"].addresses[0].display_name == "ben-cole via Crossroads"
    text = mail.part("plain")
    assert "ben-cole answered you in “My offer” below “Lead or code?”." in text
    assert "> Take *the* team." in text
    assert answer["url"] in text
    assert answer["url"] in mail.part("html")


def test_mail_programs_show_a_reply_below_what_it_answers(
    community: Community, mailbox: Mailbox
) -> None:
    ada = community.member()
    thread = community.thread()
    answered = community.reply(ada, thread)
    answer = community.reply(to=answered)
    work_off(community.app)
    message = only(ada, mailbox).message
    assert message["Message-ID"] == f"<replies/{answer['id']}@localhost>"
    assert message["In-Reply-To"] == f"<replies/{answered['id']}@localhost>"
    assert message["References"].split() == [
        f"<threads/{thread['id']}@localhost>",
        f"<replies/{answered['id']}@localhost>",
    ]
    assert f"<thread-{thread['id']}.localhost>" in message["List-Id"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nothing_is_mailed_to_addresses_that_are_not_confirmed(
    community: Community, mailbox: Mailbox
) -> None:
    ada = community.member(confirmed=False)
    community.reply(to=community.reply(ada))
    assert unread(community, ada) == 1
    assert to(ada, mailbox) == []


def test_who_wants_no_mail_gets_none(community: Community, mailbox: Mailbox) -> None:
    ada = community.member()
    follow(ada, "/community", level="participating", mail="never")
    community.reply(to=community.reply(ada))
    assert unread(community, ada) == 1
    assert to(ada, mailbox) == []


def test_mail_is_as_chosen_for_the_nearest(community: Community, mailbox: Mailbox) -> None:
    ada, thread = community.member(), community.thread()
    follow(ada, "/community", level="participating", mail="never")
    follow(ada, f"/threads/{thread['id']}", level="participating", mail="now")
    community.reply(to=community.reply(ada, thread))
    community.reply(to=community.reply(ada))
    work_off(community.app)
    assert len(to(ada, mailbox)) == 1


def test_a_daily_digest_comes_in_the_morning(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan, post = community.member(), community.post(title="Lead or code?")
    thread = community.thread(post=post, title="My offer")
    work_off(community.app)
    follow(fan, f"/threads/{thread['id']}", mail="daily")
    for body in ("Take the team.", "Never the team."):
        community.reply(thread=thread, body=body)
    let_pass(hours=18)
    work_off(community.app)
    assert to(fan, mailbox) == []
    let_pass(hours=2)
    work_off(community.app)
    mail = only(fan, mailbox)
    assert mail.message["Subject"] == "2 new notifications"
    text = mail.part("plain")
    for part in ("2 replies in “My offer” below “Lead or code?”", "Take the team.", "Never the"):
        assert part in text


def test_there_is_one_digest_a_day(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    follow(fan, "/community", mail="daily")
    community.thread()
    let_pass(hours=20)
    work_off(community.app)
    community.thread()
    let_pass(hours=1)
    work_off(community.app)
    assert len(to(fan, mailbox)) == 1
    let_pass(hours=24)
    work_off(community.app)
    subjects = [mail.message["Subject"] for mail in to(fan, mailbox)]
    assert subjects == ["1 new notification", "1 new notification"]


def test_a_weekly_digest_comes_on_monday(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    follow(fan, "/community", mail="weekly")
    community.thread()
    let_pass(days=6)
    work_off(community.app)
    assert to(fan, mailbox) == []
    let_pass(days=1)
    work_off(community.app)
    assert len(to(fan, mailbox)) == 1


def test_a_digest_leaves_out_what_was_read(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    follow(fan, "/community", mail="daily")
    community.thread(title="Known")
    work_off(community.app)
    fan.ok("POST", "/me/notifications/read", {"up_to": 10**9})
    community.thread(title="New")
    let_pass(days=1)
    work_off(community.app)
    assert "New" in only(fan, mailbox).part("plain")
    assert "Known" not in only(fan, mailbox).part("plain")


def test_a_digest_tells_how_much_it_leaves_out(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member("fan")
    follow(fan, "/community", mail="daily")
    writer, thread = community.member(), community.thread()
    work_off(community.app)
    for _ in range(52):
        community.reply(writer, thread, body="Tell @fan.")
    work_off(community.app)
    let_pass(days=1)
    work_off(community.app)
    assert "And 3 earlier." in only(fan, mailbox).part("plain")


def test_a_digest_counts_what_it_has_no_room_for(
    community: Community, mailbox: Mailbox, session: Session, let_pass: LetPass
) -> None:
    fan = community.member("fan")
    follow(fan, "/community", mail="daily")
    community.thread()
    work_off(community.app)
    told = session.execute(select(Notification.__table__)).one()._mapping
    session.rollback()
    more = [{**told, "id": None, "event_id": -n, "read_at": None} for n in range(1, 250)]
    read = [{**told, "id": None, "event_id": -n, "read_at": clock.now()} for n in range(250, 280)]
    with writing():
        session.execute(insert(Notification), [*more, *read])
        session.commit()
    let_pass(days=1)
    work_off(community.app)
    assert only(fan, mailbox).message["Subject"] == "250 new notifications"
    assert "And 50 earlier." in only(fan, mailbox).part("plain")


def let_a_digest_wait(community: Community, reader: Person) -> None:
    follow(reader, "/community", mail="daily")
    community.thread()
    work_off(community.app)


def test_who_has_read_everything_gets_no_digest(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    let_a_digest_wait(community, fan)
    fan.ok("POST", "/me/notifications/read", {"up_to": 10**9})
    let_pass(days=1)
    work_off(community.app)
    assert to(fan, mailbox) == []


def test_a_choice_counts_for_what_is_still_to_be_mailed(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    fan = community.member()
    let_a_digest_wait(community, fan)
    follow(fan, "/community", mail="never")
    let_pass(days=1)
    work_off(community.app)
    assert to(fan, mailbox) == []


@every_way_to_hide
def test_what_is_hidden_is_in_no_mail(
    community: Community, mailbox: Mailbox, let_pass: LetPass, hide: Hide
) -> None:
    fan, author, post = community.member(), community.member(), community.post()
    follow(fan, "/community", mail="daily")
    thread = community.thread(author, post, title="Quokkas", body="Quokkas!")
    reply = community.reply(author, community.thread(post=post), body="A quokka.")
    work_off(community.app)
    for address in (f"/replies/{reply['id']}", f"/threads/{thread['id']}"):
        hide(community, author, post, address)
    let_pass(days=1)
    work_off(community.app)
    to_fan = to(fan, mailbox)
    assert not any("quokka" in mail.part("plain").lower() for mail in to_fan)


def test_a_mail_that_waits_says_nothing_of_what_was_hidden_meanwhile(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    ada, ben = community.member(), community.member()
    reply = community.reply(ben, community.thread(ada))
    mailbox.answers_to_recipient.append("450 4.2.1 Later")
    work_off(community.app)
    ben.ok("DELETE", f"/replies/{reply['id']}")
    let_pass(hours=1)
    work_off(community.app)
    assert to(ada, mailbox) == []


def test_an_author_is_mailed_why_a_text_was_removed(community: Community, mailbox: Mailbox) -> None:
    ada = community.member()
    reply = community.reply(ada, body="Buy quokkas.")
    why = {"reason": "Against rule 3."}
    community.moderator().ok("DELETE", f"/replies/{reply['id']}", query_string=why)
    work_off(community.app)
    mail = only(ada, mailbox)
    assert mail.message["Subject"] == "A moderator removed your reply"
    assert "> Against rule 3." in mail.part("plain")
    assert "quokka" not in mail.part("plain")


def test_an_author_is_mailed_the_path_that_the_community_chose(
    community: Community, mailbox: Mailbox
) -> None:
    ada = community.member()
    community.cast(community.reply(ada), technical=3)
    work_off(community.app)
    mail = only(ada, mailbox)
    assert mail.message["Subject"] == "The community put your reply on the technical path"


def test_an_erased_member_gets_no_mail(
    community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    ada = community.member(password=PASSWORD)
    let_a_digest_wait(community, ada)
    ada.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    let_pass(days=1)
    work_off(community.app)
    assert to(ada, mailbox) == []


def test_what_is_begun_again_is_mailed_once(
    community: Community, mailbox: Mailbox, session: Session
) -> None:
    ada = community.member()
    community.reply(to=community.reply(ada))
    work_off(community.app)
    with writing():
        session.execute(update(RecordedEvent).values(due_at=RecordedEvent.happened_at))
        session.execute(update(Subscriber).values(due_at=clock.now()))
        session.execute(update(Notification).values(mail=NOW))
        session.commit()
    work_off(community.app)
    assert len(to(ada, mailbox)) == 1
