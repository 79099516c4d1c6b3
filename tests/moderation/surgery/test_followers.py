"""Who follows what is moved: by feeds, subscriptions, webhooks and the queue of moderators."""

import pytest

from forum.core.db import db, writing
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import REPORT, ReviewItem
from tests.community import Community, Person
from tests.feeds.scene import Scene, address, populated
from tests.moderation.surgery.acts import TECHNICAL, merge, move, split, undo
from tests.notifications.told import follow, told
from tests.worker import work_off


@pytest.fixture
def scene(community: Community) -> Scene:
    return populated(community)


def left(scene: Scene, feed: str) -> list[str]:
    deleted = scene.get(feed).json["_crossroads"]["deleted"]
    return sorted(entry["id"].rpartition(":")[2] for entry in deleted)


# Feeds


def test_what_is_split_off_leaves_the_feed_of_its_thread(scene: Scene, moderator: Person) -> None:
    former = f"threads/{scene.thread['id']}"
    opened = split(moderator, scene.reply)
    assert left(scene, former) == sorted(map(address, (scene.reply, scene.answer)))
    assert scene.shown(former) == [former]
    shown = scene.shown(f"threads/{opened['id']}")
    assert shown == [address(scene.answer), address(opened)]


def test_what_is_moved_leaves_the_feeds_of_its_post(scene: Scene, moderator: Person) -> None:
    former, post = f"posts/{scene.post['slug']}", scene.community.post()
    move(moderator, scene.thread, post)
    texts = (scene.thread, scene.reply, scene.answer)
    assert left(scene, former) == sorted(map(address, texts))
    assert left(scene, f"{former}/paths/{TECHNICAL}") == [address(scene.reply)]
    assert scene.shown(former) == []
    assert sorted(scene.shown(f"posts/{post['slug']}")) == sorted(map(address, texts))


def test_what_comes_back_has_not_left(scene: Scene, moderator: Person) -> None:
    move(moderator, scene.thread, scene.community.post())
    undo(moderator)
    assert left(scene, f"posts/{scene.post['slug']}") == []


# Subscriptions and notifications


def test_who_follows_a_merged_thread_follows_the_other(
    community: Community, moderator: Person
) -> None:
    thread, target, reader = community.thread(), community.thread(), community.member()
    follow(reader, f"/threads/{thread['id']}")
    merge(moderator, thread, target)
    work_off(community.app)
    community.reply(thread=target)
    assert [item["kind"] for item in told(community, reader)] == ["followed"]


def test_who_has_chosen_for_the_other_thread_keeps_to_it(
    community: Community, moderator: Person
) -> None:
    thread, target, reader = community.thread(), community.thread(), community.member()
    follow(reader, f"/threads/{thread['id']}")
    follow(reader, f"/threads/{target['id']}", level="none")
    merge(moderator, thread, target)
    work_off(community.app)
    community.reply(thread=target)
    assert told(community, reader) == []


def test_who_followed_a_merged_thread_follows_it_alone_when_that_is_undone(
    community: Community, moderator: Person
) -> None:
    thread, target, reader = community.thread(), community.thread(), community.member()
    follow(reader, f"/threads/{thread['id']}")
    merge(moderator, thread, target)
    work_off(community.app)
    undo(moderator)
    work_off(community.app)
    community.reply(thread=target)
    community.reply(thread=thread)
    assert [item["thread_id"] for item in told(community, reader)] == [thread["id"]]


def test_what_one_was_told_of_is_told_where_it_is(community: Community, moderator: Person) -> None:
    asker = community.member()
    reply = community.reply(thread=community.thread(asker))
    below = community.reply(to=reply)
    assert len(told(community, asker)) == 2
    opened = split(moderator, reply)
    shown = told(community, asker)
    assert {item["thread_id"] for item in shown} == {opened["id"]}
    undo(moderator)
    shown = told(community, asker)
    assert {item["thread_id"] for item in shown} == {below["thread_id"]}


# Webhooks, hubs and the queue


def test_webhooks_are_told_of_what_is_moved(scene: Scene, moderator: Person) -> None:
    events = ["reply.became_thread", "thread.became_reply", "thread.moved"]
    body = {"url": "https://bot.example.com/", "events": events}
    webhook = scene.community.admin.ok("POST", "/webhooks", body)
    target = scene.community.thread()
    opened = split(moderator, scene.reply)
    move(moderator, opened, scene.community.post())
    merge(moderator, opened, target)
    work_off(scene.community.app)
    path = f"/webhooks/{webhook['id']}/deliveries"
    types = [item["type"] for item in scene.community.admin.ok("GET", path)["items"]]
    assert sorted(types) == sorted(events)


def test_an_open_item_is_about_what_its_reply_has_become(
    community: Community, moderator: Person
) -> None:
    reply = community.reply()
    with community.app.app_context(), writing():
        item = raise_item(db.session(), Concern(REPORT, reply["thread_id"], reply["id"], 10))
        db.session.commit()
    opened = split(moderator, reply)
    assert target(community, item.item_id) == (opened["id"], None)
    undo(moderator)
    assert target(community, item.item_id) == (None, reply["id"])


def target(community: Community, item_id: int) -> tuple[int | None, int | None]:
    with community.app.app_context():
        item = db.session.get_one(ReviewItem, item_id)
        return item.thread_id, item.reply_id
