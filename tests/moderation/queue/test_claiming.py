"""An item is one moderator's for ten minutes."""

import pytest

from tests.community import Community, Json, Person
from tests.moderation.queue.scene import claim_next, decide, decided, let_claims_expire, report


@pytest.fixture
def item(community: Community, moderator: Person) -> Json:
    """Something reported."""
    report(community, community.reply())
    (found,) = moderator.ok("GET", "/moderation/queue")["items"]
    shown: Json = found
    return shown


def url(item: Json, what: str) -> str:
    return f"/moderation/queue/{item['id']}/{what}"


def test_the_next_item_is_claimed(moderator: Person, item: Json) -> None:
    claimed = claim_next(moderator)
    assert (claimed["id"], claimed["claim"]["mine"]) == (item["id"], True)
    assert claimed["claim_seq"] == item["claim_seq"] + 1


def test_an_empty_queue_has_no_next_item(moderator: Person) -> None:
    answer = moderator.post("/moderation/queue/next")
    assert (answer.status_code, answer.data) == (204, b"")


def test_the_next_item_is_the_most_urgent(community: Community, moderator: Person) -> None:
    lesser, urgent = community.reply(), community.reply()
    for text in (lesser, urgent, urgent):
        report(community, text)
    assert claim_next(moderator)["target"]["reply_id"] == urgent["id"]
    assert claim_next(moderator)["target"]["reply_id"] == lesser["id"]


def test_a_claimed_item_is_nobody_elses_next(community: Community, item: Json) -> None:
    claim_next(community.moderator())
    assert community.moderator().post("/moderation/queue/next").status_code == 204


def test_who_comes_second_learns_who_holds_it_and_until_when(
    community: Community, moderator: Person, item: Json
) -> None:
    claimed = claim_next(moderator)
    answer = community.moderator().post(url(item, "claim"))
    assert (answer.status_code, answer.json["code"]) == (409, "claim-held")
    assert answer.json["holder"] == moderator.username
    assert answer.json["expires_at"] == claimed["claim"]["expires_at"]


def test_an_expired_claim_can_be_claimed_by_others(
    community: Community, moderator: Person, item: Json
) -> None:
    claimed, other = claim_next(moderator), community.moderator()
    let_claims_expire(community)
    assert claim_next(other)["claim_seq"] == claimed["claim_seq"] + 1
    answer = decide(moderator, claimed, "dismiss")
    assert (answer.status_code, answer.json["code"]) == (409, "claim-stale")


def test_a_claim_that_expired_decides_nothing(
    community: Community, moderator: Person, item: Json
) -> None:
    claimed = claim_next(moderator)
    let_claims_expire(community)
    assert decide(moderator, claimed, "dismiss").json["code"] == "claim-stale"


def test_who_claims_again_has_a_new_number(moderator: Person, item: Json) -> None:
    first = claim_next(moderator)
    second = moderator.ok("POST", url(item, "claim"))
    assert second["claim_seq"] == first["claim_seq"] + 1
    assert decide(moderator, first, "dismiss").json["code"] == "claim-stale"


def test_a_released_item_is_free(community: Community, moderator: Person, item: Json) -> None:
    claim_next(moderator)
    assert moderator.post(url(item, "release")).status_code == 204
    assert claim_next(community.moderator())["id"] == item["id"]


@pytest.mark.parametrize("what", ["release", "extend"])
def test_only_who_holds_a_claim_changes_it(
    community: Community, moderator: Person, item: Json, what: str
) -> None:
    claimed = claim_next(moderator)
    answer = community.moderator().post(url(item, what))
    assert (answer.status_code, answer.json["code"]) == (409, "claim-stale")
    late = moderator.post(url(item, what), {"claim_seq": claimed["claim_seq"] - 1})
    assert late.json["code"] == "claim-stale"


def test_an_extended_claim_keeps_its_number(moderator: Person, item: Json) -> None:
    claimed = claim_next(moderator)
    extended = moderator.ok("POST", url(item, "extend"), {"claim_seq": claimed["claim_seq"]})
    assert extended["claim_seq"] == claimed["claim_seq"]
    assert extended["claim"]["expires_at"] > claimed["claim"]["expires_at"]


def test_an_admin_takes_an_item_over(community: Community, moderator: Person, item: Json) -> None:
    claimed = claim_next(moderator)
    taken = community.admin.ok("POST", url(item, "take-over"))
    assert taken["claim"]["holder"] == community.admin.username
    assert decide(moderator, claimed, "dismiss").json["code"] == "claim-stale"


def test_a_moderator_takes_nothing_over(moderator: Person, item: Json) -> None:
    assert moderator.post(url(item, "take-over")).status_code == 403


def test_a_decided_item_cannot_be_claimed(moderator: Person, item: Json) -> None:
    decision = decided(moderator, claim_next(moderator), "dismiss")
    answer = moderator.post(url(item, "claim"))
    assert (answer.status_code, answer.json["code"]) == (409, "already-decided")
    assert answer.json["decision"] == decision


@pytest.mark.parametrize("what", ["claim", "release", "extend"])
def test_there_is_no_claim_of_what_is_not_there(moderator: Person, what: str) -> None:
    assert moderator.post(f"/moderation/queue/77/{what}").status_code == 404
