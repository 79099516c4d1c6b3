"""Many at once: nobody meets an error, and nobody is told or mailed twice."""

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.notifications.models import Mute, Subscriber, Subscription
from tests.clocks import LetPass
from tests.community import Community
from tests.mail_servers import Mailbox
from tests.notifications.told import follow, unread
from tests.test_races import CLIENTS, at_once, request, statuses
from tests.worker import work_off

WORKERS = 4


def work_together(app: Flask) -> None:
    """What several workers do who begin at the same moment."""
    at_once([lambda: work_off(app)] * WORKERS)


def test_choosing_at_once_is_choosing_once(community: Community, session: Session) -> None:
    ada, thread = community.member(), community.thread()
    address = f"/threads/{thread['id']}/subscription"
    assert statuses([request(ada, "PUT", address, {"level": "all"})] * CLIENTS) == {200: CLIENTS}
    for table in (Subscriber, Subscription):
        assert session.scalar(select(func.count()).select_from(table)) == 1


def test_muting_at_once_is_muting_once(community: Community, session: Session) -> None:
    ada, ben = community.member(), community.member()
    asked = [request(ada, "PUT", f"/me/mutes/{ben.username}")] * CLIENTS
    assert statuses(asked) == {204: CLIENTS}
    assert session.scalar(select(func.count()).select_from(Mute)) == 1


def test_several_workers_tell_everybody_once(
    app: Flask, community: Community, mailbox: Mailbox
) -> None:
    people = community.members(4)
    for thread in [community.thread(person) for person in people]:
        for _ in range(3):
            community.reply(thread=thread)
    work_together(app)
    assert [unread(community, person) for person in people] == [3] * 4
    assert sorted(mail.recipient for mail in mailbox.mails) == sorted(
        f"{person.username}@example.org" for person in people * 3
    )


def test_several_workers_make_one_digest(
    app: Flask, community: Community, mailbox: Mailbox, let_pass: LetPass
) -> None:
    let_pass(seconds=(datetime(2026, 11, 30, 12, tzinfo=UTC) - clock.now()).total_seconds())
    fans = community.members(4)
    for fan in fans:
        follow(fan, "/community", mail="daily")
    for _ in range(3):
        community.thread()
    work_together(app)
    let_pass(days=1)
    work_together(app)
    assert sorted(mail.recipient for mail in mailbox.mails) == sorted(
        f"{fan.username}@example.org" for fan in fans
    )
