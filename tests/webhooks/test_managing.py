"""Webhooks belong to the admins: made, changed, tried out, given new keys, and deleted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.webhooks.commands import MOST_FORMER_SECRETS
from forum.webhooks.models import FormerSecret
from tests.clocks import LetPass
from tests.community import Community, Json
from tests.test_races import at_once, request
from tests.webhooks.conftest import Hooked, is_signed

HOOK: Json = {"url": "https://bot.example.com/", "events": ["reply.written"]}


@pytest.mark.parametrize("role", ["member", "moderator"])
def test_only_admins_have_webhooks(community: Community, role: str) -> None:
    other = community.member(role=role)
    community.admin.ok("POST", "/webhooks", HOOK)
    for method, path in (("POST", "/webhooks"), ("GET", "/webhooks"), ("GET", "/webhooks/1")):
        body = HOOK if method == "POST" else None
        assert other.call(method, path, json=body).status_code == 403


def test_the_key_is_told_once(hooked: Hooked) -> None:
    assert hooked.webhook["secret"].startswith("whsec_")
    listed = hooked.community.admin.ok("GET", "/webhooks")["items"]
    assert ["secret" in each for each in [hooked.now(), *listed]] == [False, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://a.example/"},
        {"url": "https://me:secret@a.example/"},
        {"events": []},
        {"events": ["reply.loved"]},
        {"paths": ["neither"]},
        {"secret": "whsec_mine"},
    ],
)
def test_a_webhook_that_cannot_work_is_refused(community: Community, wrong: Json) -> None:
    assert community.admin.post("/webhooks", {**HOOK, **wrong}).status_code == 422


def test_what_could_be_taken_for_true_is_refused(hooked: Hooked) -> None:
    answer = hooked.community.admin.patch(hooked.path, {"enabled": 1})
    assert answer.status_code == 422


def test_a_webhook_for_an_unknown_post_is_refused(community: Community) -> None:
    assert community.admin.post("/webhooks", {**HOOK, "posts": [4711]}).status_code == 404


def test_a_webhook_is_changed(hooked: Hooked) -> None:
    hooked.change(events=["thread.opened"])
    hooked.community.reply()
    hooked.work()
    assert [each["type"] for each in hooked.told()] == ["thread.opened"]


def test_a_disabled_webhook_is_not_called(hooked: Hooked) -> None:
    hooked.change(enabled=False)
    hooked.community.reply()
    hooked.work()
    assert hooked.told() == []


def test_a_deleted_webhook_is_gone(hooked: Hooked) -> None:
    hooked.community.reply()
    hooked.work()
    hooked.community.admin.ok("DELETE", hooked.path)
    hooked.community.reply()
    hooked.work()
    assert len(hooked.told()) == 1
    assert hooked.community.admin.get(hooked.path).status_code == 404


def test_a_webhook_can_be_tried_out(hooked: Hooked) -> None:
    test = hooked.community.admin.ok("POST", f"{hooked.path}/test")
    hooked.work()
    assert [each["type"] for each in hooked.told()] == [test["type"]] == ["webhook.test"]


def test_a_disabled_webhook_cannot_be_tried_out(hooked: Hooked) -> None:
    hooked.change(enabled=False)
    refused = hooked.community.admin.post(f"{hooked.path}/test")
    assert (refused.status_code, refused.json["code"]) == (409, "webhook-is-disabled")


def test_a_message_is_sent_once_more_under_its_id(hooked: Hooked) -> None:
    hooked.community.reply()
    hooked.work()
    (delivery,) = hooked.deliveries()
    hooked.community.admin.ok("POST", f"{hooked.path}/deliveries/{delivery['id']}/redeliver")
    hooked.work()
    first, second = hooked.receiver.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery["message_id"]


def test_a_delivery_of_another_webhook_is_not_found(hooked: Hooked) -> None:
    other = hooked.community.admin.ok("POST", "/webhooks", HOOK)
    delivery = hooked.community.admin.ok("POST", f"{hooked.path}/test")
    address = f"/webhooks/{other['id']}/deliveries/{delivery['id']}/redeliver"
    assert hooked.community.admin.post(address).status_code == 404


@pytest.mark.parametrize(("hours", "old_is_good"), [(23, True), (25, False)])
def test_a_former_key_is_good_for_a_day(
    hooked: Hooked, let_pass: LetPass, hours: int, old_is_good: bool
) -> None:
    hooked.community.admin.ok("POST", f"{hooked.path}/secret")
    let_pass(hours=hours)
    hooked.community.reply()
    hooked.work()
    signatures = hooked.receiver.calls[0].headers["webhook-signature"].split()
    assert len(signatures) == 1 + old_is_good


@pytest.mark.parametrize("what", ["secret", "test"])
def test_what_is_repeated_with_its_key_is_done_once(hooked: Hooked, what: str) -> None:
    first, again = (
        hooked.community.admin.call(
            "POST", f"{hooked.path}/{what}", headers={"Idempotency-Key": "once"}
        )
        for _ in range(2)
    )
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["old", "new"])
def test_after_a_rotation_both_keys_verify(hooked: Hooked, key: str) -> None:
    new = hooked.community.admin.ok("POST", f"{hooked.path}/secret")["secret"]
    hooked.community.reply()
    hooked.work()
    secret = {"old": hooked.webhook["secret"], "new": new}[key]
    assert is_signed(hooked.receiver.calls[0], secret)


def rotate(hooked: Hooked) -> str:
    return str(hooked.community.admin.ok("POST", f"{hooked.path}/secret")["secret"])


def test_every_key_of_the_last_day_verifies(hooked: Hooked) -> None:
    keys = [hooked.webhook["secret"], rotate(hooked), rotate(hooked), rotate(hooked)]
    hooked.community.reply()
    hooked.work()
    assert all(is_signed(hooked.receiver.calls[0], key) for key in keys)


def test_a_key_counts_from_when_it_was_replaced(hooked: Hooked, let_pass: LetPass) -> None:
    rotate(hooked)
    let_pass(hours=23)
    rotate(hooked)
    let_pass(hours=2)
    hooked.community.reply()
    hooked.work()
    assert len(hooked.receiver.calls[0].headers["webhook-signature"].split()) == 2


def test_every_key_is_good_that_is_told_to_who_rotate_at_once(hooked: Hooked) -> None:
    rotation = request(hooked.community.admin, "POST", f"{hooked.path}/secret")
    keys = [answer.json["secret"] for answer in at_once([rotation] * 4)]
    hooked.community.reply()
    hooked.work()
    assert all(is_signed(hooked.receiver.calls[0], key) for key in keys)


def test_no_more_keys_are_good_than_fit_into_the_headers(hooked: Hooked, let_pass: LetPass) -> None:
    for _ in range(MOST_FORMER_SECRETS):
        rotate(hooked)
    refused = hooked.community.admin.post(f"{hooked.path}/secret")
    assert (refused.status_code, refused.json["code"]) == (409, "too-many-keys")
    let_pass(hours=25)
    assert rotate(hooked)


def test_a_webhook_goes_with_the_keys_it_had(hooked: Hooked, session: Session) -> None:
    rotate(hooked)
    assert hooked.community.admin.delete(hooked.path).status_code == 204
    assert session.scalars(select(FormerSecret)).all() == []


def test_deliveries_come_in_pages_newest_first(hooked: Hooked) -> None:
    for _ in range(5):
        hooked.community.admin.ok("POST", f"{hooked.path}/test")
    address, seen = f"{hooked.path}/deliveries?limit=2", []
    while address:
        page = hooked.community.admin.ok("GET", address)
        seen += [each["id"] for each in page["items"]]
        address = page["page"]["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_every_event_that_may_be_asked_for_is_described(community: Community) -> None:
    document = community.client.open("/openapi.json").json
    asked = document["components"]["schemas"]["NewWebhookBody"]["properties"]["events"]
    assert {*document["webhooks"]} == {*asked["items"]["enum"]}
