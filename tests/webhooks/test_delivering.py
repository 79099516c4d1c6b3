"""What happens is told to those who want to know it, until they have taken it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Event, Thread

import pytest

from forum.accounts.identity import viewer_of
from forum.accounts.queries import member_by_username
from forum.core.db import db, writing
from forum.webhooks.commands import send_test
from forum.webhooks.retries import next_attempt
from tests.clocks import LetPass
from tests.community import Community
from tests.hiding import Hide, every_way_to_hide
from tests.mail_servers import Mailbox
from tests.receiver import Call, Receiver
from tests.webhooks.conftest import Hooked, hook, is_signed

DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)


def test_a_new_reply_is_told(hooked: Hooked) -> None:
    reply = hooked.community.reply()
    hooked.work()
    (message,) = hooked.told()
    assert message == {
        "type": "reply.written",
        "timestamp": message["timestamp"],
        "version": 1,
        "data": {
            "post_id": message["data"]["post_id"],
            "thread_id": reply["thread_id"],
            "reply_id": reply["id"],
            "url": f"http://127.0.0.1:8000/api/v1/replies/{reply['id']}",
        },
    }


def test_a_message_is_signed_as_receivers_verify_it(hooked: Hooked) -> None:
    hooked.community.reply()
    hooked.work()
    assert is_signed(hooked.receiver.calls[0], hooked.webhook["secret"])


def test_a_message_tells_no_words_and_no_names(hooked: Hooked) -> None:
    author = hooked.community.member("quokka-ada")
    hooked.community.reply(author, body="Quokkas!")
    hooked.work()
    assert b"quokka" not in hooked.receiver.calls[0].body.lower()


def test_what_was_not_asked_for_is_not_told(hooked: Hooked) -> None:
    hooked.community.thread()
    hooked.work()
    assert hooked.told() == []


def test_only_what_is_below_some_posts_is_told(
    open_community: Community, receiver: Receiver
) -> None:
    post = open_community.post()
    hooked = hook(open_community, receiver, posts=[post["id"]])
    open_community.reply()
    told = open_community.reply(thread=open_community.thread(post=post))
    hooked.work()
    assert [each["data"]["reply_id"] for each in hooked.told()] == [told["id"]]


def test_only_what_is_on_a_path_is_told(open_community: Community, receiver: Receiver) -> None:
    hooked = hook(open_community, receiver, paths=["technical-path"])
    open_community.reply(path="management-path")
    told = open_community.reply(path="technical-path")
    hooked.work()
    assert [each["data"]["reply_id"] for each in hooked.told()] == [told["id"]]


def test_another_path_is_told(open_community: Community, receiver: Receiver) -> None:
    hooked = hook(open_community, receiver, events=["reply.path_changed"])
    open_community.cast(open_community.reply(), technical=3)
    hooked.work()
    told = hooked.told()[0]["data"]
    assert (told["before"], told["after"], told["source"]) == (None, "technical-path", "community")


def test_a_removal_is_told_without_its_reason(
    open_community: Community, receiver: Receiver
) -> None:
    hooked = hook(open_community, receiver, events=["reply.deleted", "reply.removed"])
    author = open_community.member()
    reply = open_community.reply(author)
    author.delete(f"/replies/{reply['id']}")
    hooked.work()
    assert {*hooked.told()[0]["data"]} == {"post_id", "thread_id", "reply_id", "url"}


@every_way_to_hide
def test_what_is_hidden_before_it_is_told_is_not_told(hooked: Hooked, hide: Hide) -> None:
    community, author, post = hooked.community, hooked.community.member(), hooked.community.post()
    reply = community.reply(author, community.thread(post=post))
    hide(community, author, post, f"/replies/{reply['id']}")
    hooked.work()
    assert hooked.told() == []
    assert {each["state"] for each in hooked.deliveries()} == {"withheld"}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_what_was_taken_is_not_told_again(hooked: Hooked, let_pass: LetPass, status: int) -> None:
    hooked.receiver.status = status
    hooked.community.reply()
    hooked.work()
    let_pass(days=3)
    hooked.work()
    assert [each["state"] for each in hooked.deliveries()] == ["delivered"]
    assert len(hooked.told()) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
def test_what_was_not_taken_is_told_again_under_the_same_id(
    hooked: Hooked, let_pass: LetPass, status: int
) -> None:
    hooked.receiver.status = status
    hooked.community.reply()
    hooked.work()
    hooked.receiver.status = 204
    let_pass(seconds=6)
    hooked.work()
    first, second = hooked.receiver.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert is_signed(second, hooked.webhook["secret"])


def test_what_is_never_taken_is_told_ten_times_at_ever_longer_intervals(
    hooked: Hooked, let_pass: LetPass
) -> None:
    hooked.receiver.status = 500
    hooked.community.reply()
    hooked.work()
    for number, delay in enumerate(DELAYS, 1):
        let_pass(seconds=delay - 1)
        hooked.work()
        assert len(hooked.receiver.calls) == number
        let_pass(seconds=delay * 0.1 + 2)
        hooked.work()
        assert len(hooked.receiver.calls) == number + 1
    let_pass(days=3)
    hooked.work()
    assert len(hooked.receiver.calls) == 10
    assert hooked.deliveries()[0]["state"] == "failed"


def test_those_who_fail_together_are_not_called_again_together() -> None:
    now = datetime.now(UTC)
    assert len({next_attempt(now, 1) for _ in range(5)}) == 5


def in_an_hour() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize("wish", [lambda: "3600", in_an_hour], ids=["seconds", "date"])
def test_a_wish_for_later_is_honoured(
    hooked: Hooked, let_pass: LetPass, wish: Callable[[], str]
) -> None:
    hooked.receiver.status, hooked.receiver.headers = 503, {"Retry-After": wish()}
    hooked.community.reply()
    hooked.work()
    let_pass(minutes=55)
    hooked.work()
    assert len(hooked.receiver.calls) == 1
    let_pass(minutes=6)
    hooked.work()
    assert len(hooked.receiver.calls) == 2


@pytest.mark.parametrize(
    "wish",
    [
        *("soon", "-1", "999999999999999999999", "Mon, 99 Foo 2026"),
        "Mon, 99999999999999999999 Jan 2026 00:00:00 GMT",
    ],
)
def test_a_wish_that_means_nothing_is_passed_over(
    hooked: Hooked, let_pass: LetPass, wish: str
) -> None:
    hooked.receiver.status, hooked.receiver.headers = 503, {"Retry-After": wish}
    hooked.community.reply()
    hooked.work()
    let_pass(seconds=6)
    hooked.work()
    assert len(hooked.receiver.calls) == 2


def test_what_is_committed_while_a_call_ends_is_sent(hooked: Hooked) -> None:
    called, answered = Event(), Event()

    def answer(_call: Call) -> int:
        called.set()
        answered.wait(10)
        return 204

    hooked.receiver.answer = answer
    hooked.community.reply()
    calling = Thread(target=hooked.work)
    calling.start()
    assert called.wait(10)
    with hooked.community.app.app_context(), writing():
        admin = member_by_username(db.session(), hooked.community.admin.username)
        send_test(db.session(), viewer_of(admin), hooked.webhook["id"])
        answered.set()
        calling.join(1)  # unless it waits for us
        db.session.commit()
    calling.join()
    hooked.work()
    assert [message["type"] for message in hooked.told()] == ["reply.written", "webhook.test"]


def test_who_is_gone_is_not_called_again(hooked: Hooked, let_pass: LetPass) -> None:
    hooked.receiver.status = 410
    hooked.community.reply()
    hooked.work()
    let_pass(days=1)
    hooked.community.reply()
    hooked.work()
    assert len(hooked.receiver.calls) == 1
    assert (hooked.now()["enabled"], hooked.now()["disabled_reason"]) == (False, "gone")


def test_the_owner_of_who_is_gone_is_told_and_mailed(hooked: Hooked, mailbox: Mailbox) -> None:
    hooked.receiver.status = 410
    hooked.community.reply()
    hooked.work()
    (item,) = hooked.community.admin.ok("GET", "/me/notifications")["items"]
    assert (item["kind"], item["detail"], item["url"]) == ("webhook", "gone", None)
    owner = f"{hooked.community.admin.username}@example.org"
    (mail,) = [mail for mail in mailbox.mails if mail.recipient == owner]
    assert mail.message["Subject"] == "Your webhook is called no more: it is gone"


def test_who_fails_for_five_days_is_called_no_more(hooked: Hooked, let_pass: LetPass) -> None:
    hooked.receiver.status = 500
    for _ in range(6):
        hooked.community.reply()
        hooked.work()
        let_pass(hours=23)
    assert hooked.now()["enabled"]
    let_pass(hours=6)
    hooked.work()
    assert hooked.now()["disabled_reason"] == "failing"


def test_who_succeeds_now_and_then_is_called_for_ever(hooked: Hooked, let_pass: LetPass) -> None:
    for day in range(12):
        hooked.receiver.status = 204 if day % 4 == 0 else 500
        hooked.community.reply()
        hooked.work()
        let_pass(days=1)
    assert hooked.now()["enabled"]


def test_enabled_again_it_is_told_what_waited(hooked: Hooked, let_pass: LetPass) -> None:
    hooked.receiver.status = 410
    hooked.community.reply()
    hooked.work()
    hooked.receiver.status = 204
    hooked.change(enabled=True)
    let_pass(seconds=6)
    hooked.work()
    assert hooked.deliveries()[0]["state"] == "delivered"


def test_an_address_that_must_not_be_called_is_told_in_the_deliveries(
    community: Community, receiver: Receiver
) -> None:
    hooked = hook(community, receiver)
    community.reply()
    hooked.work()
    assert hooked.receiver.calls == []
    assert "public Internet" in hooked.deliveries()[0]["problem"]
