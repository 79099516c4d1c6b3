"""Readers report texts, once each, and learn what came of it; enough of them hide one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from forum.config import Settings
from forum.moderation.reports.weights import unproven_by, weight_of
from tests.apps import Answer
from tests.community import Community, Json, Person
from tests.moderation.queue.scene import (
    address,
    claim_next,
    decided,
    report,
)
from tests.notifications.told import told

ENOUGH = 5
"""Reporters, of 10 each, to hide a text."""


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def author(community: Community) -> Person:
    return community.member()


@pytest.fixture
def reply(community: Community, author: Person) -> Json:
    return community.reply(author, body="Buy my course.")


def shown(community: Community, text: Json) -> Answer:
    return community.passer_by.get(address(text))


def test_a_report_joins_the_item_of_its_text(
    community: Community, moderator: Person, reply: Json
) -> None:
    first, second = community.member(), community.member()
    report(community, reply, first, reason="unkind", note="Twice today.")
    report(community, reply, second)
    item = claim_next(moderator)
    assert [(r["reporter"], r["reason"], r["note"]) for r in item["reports"]] == [
        (second.username, "spam", None),
        (first.username, "unkind", "Twice today."),
    ]


def test_moderators_are_not_told_who_reported_what_they_wrote(
    community: Community, moderator: Person
) -> None:
    reporter = community.member()
    report(community, community.reply(moderator), reporter, note="Ask me.")
    read = str([claim_next(moderator), moderator.ok("GET", "/moderation/queue")])
    assert reporter.username not in read
    assert "Ask me." not in read


def test_a_text_is_reported_once_by_each(community: Community, reply: Json) -> None:
    reporter = community.member()
    report(community, reply, reporter)
    answer = reporter.post(f"{address(reply)}/reports", {"reason": "other"})
    assert (answer.status_code, answer.json["code"]) == (409, "already-reported")


def test_nobody_reports_their_own_words(author: Person, reply: Json) -> None:
    answer = author.post(f"{address(reply)}/reports", {"reason": "spam"})
    assert (answer.status_code, answer.json["code"]) == (403, "self-report")


def test_a_member_barred_from_reporting_reports_nothing(
    community: Community, moderator: Person, reply: Json
) -> None:
    reporter = community.member()
    mute = {"kind": "mute", "scope": "reporting", "reason": "Too many."}
    moderator.ok("POST", f"/moderation/users/{reporter.username}/sanctions", mute)
    answer = reporter.post(f"{address(reply)}/reports", {"reason": "spam"})
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["replies", "threads"])
def test_there_is_nothing_to_report_of_what_is_missing(community: Community, kind: str) -> None:
    answer = community.member().post(f"/{kind}/77/reports", {"reason": "spam"})
    assert answer.status_code == 404


def test_a_reporter_learns_the_outcome(
    community: Community, moderator: Person, reply: Json
) -> None:
    reporter = community.member()
    made = report(community, reply, reporter)
    assert made["outcome"] is None
    decided(moderator, claim_next(moderator), "remove")
    (mine,) = reporter.ok("GET", "/me/reports")["items"]
    assert mine == {**made, "outcome": "agreed"}
    (news,) = told(community, reporter)
    assert (news["kind"], news["detail"], news["reply_id"]) == ("report", "agreed", reply["id"])


def test_the_author_learns_why_but_not_by_whom(
    community: Community, moderator: Person, author: Person, reply: Json
) -> None:
    reporter = community.member("tell-tale-x")
    report(community, reply, reporter, note="A quokka.")
    decided(moderator, claim_next(moderator), "remove", reason="Advertising.")
    (news,) = told(community, author)
    assert (news["kind"], news["detail"]) == ("removed", "Advertising.")
    for path in ("/me", "/me/notifications", "/me/reports", "/me/held"):
        text = author.get(path).text
        assert "tell-tale-x" not in text
        assert "quokka" not in text


def test_enough_reports_hide_a_text_until_a_moderator_decides(
    community: Community, moderator: Person, author: Person, reply: Json
) -> None:
    other = community.reply()
    for reporter in community.members(ENOUGH):
        assert shown(community, reply).status_code == 200
        report(community, reply, reporter)
    report(community, other)
    assert shown(community, reply).status_code == 404
    assert [news["kind"] for news in told(community, author)] == ["held"]
    item = claim_next(moderator)
    assert (item["target"]["reply_id"], item["target"]["state"]) == (reply["id"], "held")
    assert {"hidden": "by reports", "weight": 50, "enough": 50} in [w["why"] for w in item["why"]]
    decided(moderator, item, "approve")
    assert shown(community, reply).status_code == 200
    assert [news["kind"] for news in told(community, author)] == ["approved", "held"]


def test_where_hiding_takes_an_old_account_no_number_of_new_ones_hides_a_text(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_REPORT_AGE_TO_HIDE="7")
    reply = community.reply()
    for _ in range(ENOUGH + 1):
        report(community, reply)
    assert shown(community, reply).status_code == 200
    item = claim_next(community.moderator())
    assert item["weight"] == 60
    assert [each["weight_to_hide"] for each in item["reports"]] == [0] * 6
    assert {"reason": "spam", "hides_nothing": ["young-account"]} in [w["why"] for w in item["why"]]


@pytest.mark.parametrize(
    ("days", "is_confirmed", "why"),
    [
        (7, True, []),
        (6, True, ["young-account"]),
        (7, False, ["unconfirmed-address"]),
        (0, False, ["young-account", "unconfirmed-address"]),
    ],
)
def test_the_forum_may_ask_for_more_of_who_helps_to_hide(
    days: int, is_confirmed: bool, why: list[str]
) -> None:
    settings = Settings("x" * 32, require_confirmed_email=True, report_age_to_hide=7)
    assert unproven_by(settings, timedelta(days=days), is_confirmed=is_confirmed) == why


def test_addresses_need_not_be_confirmed_where_voting_does_not_take_it() -> None:
    settings = Settings("x" * 32, require_confirmed_email=False)
    assert unproven_by(settings, timedelta(), is_confirmed=False) == []


def test_what_moderators_approved_is_not_hidden_again(
    community: Community, moderator: Person, reply: Json
) -> None:
    report(community, reply)
    decided(moderator, claim_next(moderator), "approve")
    for reporter in community.members(ENOUGH):
        report(community, reply, reporter)
    assert shown(community, reply).status_code == 200


def test_what_moderators_write_is_not_hidden(community: Community, moderator: Person) -> None:
    thread = community.thread(moderator)
    for reporter in community.members(ENOUGH):
        report(community, thread, reporter)
    assert shown(community, thread).status_code == 200


def test_the_forum_may_leave_hiding_to_moderators(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_REPORT_WEIGHT_TO_HIDE="0")
    reply = community.reply()
    for reporter in community.members(ENOUGH):
        report(community, reply, reporter)
    assert shown(community, reply).status_code == 200


def test_who_is_always_wrong_weighs_nothing(community: Community, moderator: Person) -> None:
    reporter = community.member()
    for _ in range(ENOUGH):
        report(community, community.reply(), reporter)
        decided(moderator, claim_next(moderator), "dismiss")
    report(community, community.reply(), reporter)
    item = claim_next(moderator)
    assert item["weight"] == 0
    record = {"agreed": 0, "dismissed": ENOUGH, "weight": 0}
    assert item["reports"][0]["reporter_record"] == record


def test_a_worthless_report_that_comes_meanwhile_is_not_lost(
    community: Community, moderator: Person, reply: Json
) -> None:
    reporter = community.member()
    for _ in range(ENOUGH):
        report(community, community.reply(), reporter)
        decided(moderator, claim_next(moderator), "dismiss")
    report(community, reply)
    item = claim_next(moderator)
    report(community, reply, reporter)
    decided(moderator, item, "dismiss")
    assert claim_next(moderator)["reports"][0]["reporter"] == reporter.username


@pytest.mark.parametrize(
    ("agreed", "dismissed", "weight"),
    [(0, 0, 10), (4, 0, 10), (0, 4, 10), (5, 0, 20), (0, 5, 0), (4, 1, 16), (1, 9, 2)],
)
def test_weights(agreed: int, dismissed: int, weight: int) -> None:
    assert weight_of(agreed, dismissed) == weight
