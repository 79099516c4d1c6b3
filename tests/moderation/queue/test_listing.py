"""The queue as moderators read it."""

from typing import Any

import pytest

from tests.community import Community, Json, Person
from tests.moderation.queue.scene import address, claim_next, decided, report
from tests.statements import recorded
from tests.worker import work_off


def listed(moderator: Person, **query: Any) -> list[Json]:
    items: list[Json] = moderator.ok("GET", "/moderation/queue", query_string=query)["items"]
    return items


def ids(items: list[Json]) -> list[int]:
    return [item["target"]["id"] for item in items]


def test_members_do_not_see_the_queue(community: Community) -> None:
    report(community, community.reply())
    for path in ("/moderation/queue", "/moderation/queue/1"):
        assert community.member().get(path).status_code == 403
        assert community.passer_by.get(path).status_code == 401


def test_an_item_shows_its_context(community: Community, moderator: Person) -> None:
    post = community.post()
    above = community.reply(thread=community.thread(post=post), body="Stay.")
    author = community.member()
    reply = community.reply(author, to=above, body="Go.")
    report(community, reply)
    (item,) = listed(moderator)
    target = item["target"]
    assert (target["kind"], target["id"], target["excerpt"]) == ("reply", reply["id"], "Go.")
    assert (target["answers"], target["post"]["slug"]) == ("Stay.", post["slug"])
    assert target["author"]["username"] == author.username
    assert [(w["weight"], w["why"]) for w in item["why"]] == [(10, {"reason": "spam"})]


def test_the_most_urgent_or_the_oldest_comes_first(community: Community, moderator: Person) -> None:
    first, second = community.reply(), community.reply()
    for text in (first, second, second):
        report(community, text)
    assert ids(listed(moderator)) == [second["id"], first["id"]]
    assert ids(listed(moderator, sort="oldest")) == [first["id"], second["id"]]


def test_filters_narrow_the_queue(community: Community, moderator: Person) -> None:
    post, thread = community.post(), community.thread()
    reply = community.reply(thread=community.thread(post=post))
    report(community, reply)
    report(community, thread)
    assert ids(listed(moderator, post=post["slug"])) == [reply["id"]]
    assert listed(moderator, kind="dispute") == []
    claimed = claim_next(moderator)
    assert [item["id"] for item in listed(moderator, mine="true")] == [claimed["id"]]
    assert listed(community.moderator(), mine="true") == []
    decided(moderator, claimed, "dismiss")
    assert [item["id"] for item in listed(moderator, state="decided")] == [claimed["id"]]
    assert len(listed(moderator)) == 1


def test_pages_are_the_whole_queue(community: Community, moderator: Person) -> None:
    texts = [community.reply() for _ in range(5)]
    for text in texts:
        report(community, text)
    for sort in ("priority", "oldest"):
        found, following = [], f"/moderation/queue?limit=2&sort={sort}"
        while following:
            page = moderator.ok("GET", following)
            found += ids(page["items"])
            following = page["page"]["next"]
        assert found == [text["id"] for text in texts]


def test_open_items_are_counted_by_kind(community: Community, moderator: Person) -> None:
    for _ in range(3):
        report(community, community.reply())
    claim_next(moderator)
    claim_next(community.moderator())
    counts = moderator.ok("GET", "/moderation/queue")["counts"]
    assert counts == [{"kind": "report", "open": 3, "claimed": 2, "mine": 1}]


def test_a_page_of_fifty_takes_fewer_than_twelve_statements(
    community: Community, moderator: Person
) -> None:
    thread, reporter = community.thread(), community.member()
    for _ in range(50):
        report(community, community.reply(thread=thread), reporter)
    with recorded(community.app) as sent:
        assert len(listed(moderator)) == 50
    assert len(sent) < 12


def test_the_whole_item_has_all_that_it_takes_to_decide(
    community: Community, moderator: Person
) -> None:
    author = community.member()
    earlier = community.reply(author, body="Earlier.")
    report(community, earlier)
    note = {"do": "note", "text": "A robot?"}
    decided(moderator, claim_next(moderator), "remove", also=[note])
    above = community.reply(body="Stay.")
    reply = community.reply(author, to=above, body="Before.")
    report(community, reply)
    author.ok("PATCH", address(reply), {"body": "After."})
    item = claim_next(moderator)
    assert item["text"]["body"] == "After."
    assert [seen["body"] for seen in item["seen"]] == ["Before."]
    assert [each["body"] for each in item["ancestors"]] == ["Stay."]
    assert [(each["excerpt"], each["state"]) for each in item["latest_texts"]] == [
        ("After.", "visible"),
        ("Earlier.", "removed"),
    ]
    assert [each["action"] for each in item["decisions"]] == ["remove"]
    assert item["target"]["author_removals"] == 1
    assert [each["body"] for each in item["notes"]] == ["A robot?"]
    assert (item["sanctions"], item["decision"]) == ([], None)


def test_erased_words_are_kept_nowhere(community: Community, moderator: Person) -> None:
    author = community.member(password="three quiet harbour lights")
    report(community, community.reply(author, body="A quokka."))
    body = {"password": "three quiet harbour lights", "content": "remove"}
    author.ok("POST", "/me/erasure", body)
    work_off(community.app)
    item = moderator.get(f"/moderation/queue/{listed(moderator)[0]['id']}")
    assert "quokka" not in item.text


@pytest.mark.parametrize("query", ["state=half", "kind=spam", "sort=new", "mine=perhaps", "x=1"])
def test_what_is_no_filter_is_refused(moderator: Person, query: str) -> None:
    assert moderator.get(f"/moderation/queue?{query}").status_code == 422
