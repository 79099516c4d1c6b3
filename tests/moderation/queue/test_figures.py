"""Figures are counted from rows."""

from collections.abc import Callable, Iterator
from typing import Any

from forum.core.db import db, writing
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import RULE
from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.moderation.queue.scene import claim_next, decided, report


def figures(moderator: Person, **query: int) -> Json:
    told: Json = moderator.ok("GET", "/moderation/stats", query_string=query)
    return told


def test_an_empty_queue_has_no_age(moderator: Person) -> None:
    told = figures(moderator)
    assert (told["queue"], told["moderators"], told["rules"]) == ([], [], [])
    assert told["first_action"] == {"items": 0, "median_seconds": None, "p90_seconds": None}


def test_the_queue_is_as_old_as_its_oldest_item(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    report(community, community.reply())
    let_pass(hours=2)
    report(community, community.reply())
    (age,) = figures(moderator)["queue"]
    assert (age["kind"], age["open"]) == ("report", 2)
    assert 7200 <= age["oldest_seconds"] < 7260


def test_waiting_ends_with_the_first_decision(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    for _ in range(3):
        report(community, community.reply())
    for _ in range(3):
        let_pass(minutes=5)
        decided(moderator, claim_next(moderator), "dismiss")
    waited = figures(moderator)["first_action"]
    assert waited["items"] == 3
    assert 600 <= waited["median_seconds"] < 660


def test_undone_decisions_are_reversals(community: Community, moderator: Person) -> None:
    groups = []
    for _ in range(2):
        report(community, community.reply())
        groups.append(decided(moderator, claim_next(moderator), "remove")["group"])
    moderator.ok("POST", f"/moderation/log/{groups[0]}/undo", {})
    (row,) = figures(moderator)["moderators"]
    assert row == {
        "moderator": moderator.username,
        "decisions": 2,
        "reversed": 1,
        "reversal_rate": 0.5,
    }


def test_rules_are_judged_by_what_they_caught(community: Community, moderator: Person) -> None:
    for action in ("remove", "dismiss", "dismiss", "dismiss"):
        caught(community, community.reply())
        decided(moderator, claim_next(moderator), action)
    (row,) = figures(moderator)["rules"]
    assert row == {"rule_id": 7, "agreed": 1, "dismissed": 3, "reversal_rate": 0.75}


def test_older_decisions_are_left_out(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    report(community, community.reply())
    decided(moderator, claim_next(moderator), "dismiss")
    let_pass(days=8)
    assert figures(moderator, days=7)["moderators"] == []
    assert len(figures(moderator, days=9)["moderators"]) == 1


def caught(community: Community, reply: Json) -> None:
    """A rule catches a reply."""
    with community.app.app_context(), writing():
        concern = Concern(RULE, reply["thread_id"], reply["id"], 10, {"rule_id": 7})
        raise_item(db.session(), concern)
        db.session.commit()


def seen_at_each_turn(
    community: Community, moderator: Person, author: Person, seen: Callable[[], Any]
) -> Iterator[Any]:
    """What is seen when a reply is removed, when that is undone, when it is removed again, when
    that is reversed on appeal, and when the answer is undone.
    """
    first = decided(moderator, claim_next(moderator), "remove")["group"]
    yield seen()
    moderator.ok("POST", f"/moderation/log/{first}/undo", {})
    yield seen()
    second = decided(moderator, claim_next(moderator), "remove")["group"]
    yield seen()
    author.ok("POST", f"/me/decisions/{second}/appeal", {"text": "It was a quotation."})
    judge = community.moderator()
    answer = decided(judge, claim_next(judge), "reverse")["group"]
    yield seen()
    moderator.ok("POST", f"/moderation/log/{answer}/undo", {})
    yield seen()


def test_figures_of_rules_follow_what_is_reversed(community: Community, moderator: Person) -> None:
    author = community.member()
    caught(community, community.reply(author))

    def seen() -> list[tuple[int, int]]:
        return [(row["agreed"], row["dismissed"]) for row in figures(moderator)["rules"]]

    turns = seen_at_each_turn(community, moderator, author, seen)
    assert [*turns] == [[(1, 0)], [], [(1, 0)], [(0, 1)], [(1, 0)]]


def test_records_of_reporters_follow_what_is_reversed(
    community: Community, moderator: Person
) -> None:
    author, reporter = community.member(), community.member()
    report(community, community.reply(author), reporter)

    def seen() -> Any:
        return reporter.ok("GET", "/me/reports")["items"][0]["outcome"]

    turns = seen_at_each_turn(community, moderator, author, seen)
    assert [*turns] == ["agreed", None, "agreed", "dismissed", "agreed"]
