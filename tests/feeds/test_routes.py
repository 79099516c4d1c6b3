"""The feeds as their readers get them: what is in each, and when it counts as changed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from forum.core import clock
from forum.core.db import db
from tests.clocks import LetPass
from tests.community import Community
from tests.feed_judge import problems
from tests.feeds.scene import BASE_URL, FORMATS, Scene, address, make_bridge, populated
from tests.replies.rows import plant_children
from tests.statements import recorded

# What is in them


def test_every_feed_is_valid_in_every_format(scene: Scene) -> None:
    make_bridge(scene)
    for feed, kind in product(scene.feeds, FORMATS):
        document = scene.get(feed, kind).data
        assert problems(kind, document, f"{BASE_URL}/feeds/{feed}.{kind}") == []


def test_a_feed_has_the_media_type_of_its_format(scene: Scene) -> None:
    assert {kind: scene.get("replies", kind).content_type for kind in FORMATS} == FORMATS


def test_a_feed_of_nothing_is_valid(community: Community) -> None:
    for kind in FORMATS:
        answer = community.client.open(f"/feeds/replies.{kind}")
        assert problems(kind, answer.data, f"{BASE_URL}/feeds/replies.{kind}") == []


def test_the_feed_of_the_community_has_threads_and_replies_latest_first(scene: Scene) -> None:
    later = scene.community.thread()
    expected = [later, scene.answer, scene.reply, scene.thread]
    assert scene.shown("replies") == [address(thing) for thing in expected]


def test_the_feed_of_a_path_has_the_replies_on_it(scene: Scene) -> None:
    assert scene.shown("paths/technical-path") == [address(scene.reply)]
    assert scene.shown("paths/management-path") == []


def test_a_reply_that_both_paths_claim_is_in_the_feeds_of_both(scene: Scene) -> None:
    make_bridge(scene)
    assert scene.shown("paths/technical-path") == [address(scene.reply)]
    assert scene.shown("paths/management-path") == [address(scene.reply)]


def test_the_feed_of_a_post_has_what_is_said_below_it(scene: Scene) -> None:
    scene.community.reply()
    expected = [scene.answer, scene.reply, scene.thread]
    assert scene.shown(f"posts/{scene.post['slug']}") == [address(thing) for thing in expected]


def test_the_feed_of_a_thread_has_the_thread_and_its_replies(scene: Scene) -> None:
    scene.community.thread(post=scene.post)
    expected = [scene.answer, scene.reply, scene.thread]
    assert scene.shown(f"threads/{scene.thread['id']}") == [address(thing) for thing in expected]


def test_the_feed_of_a_reply_has_the_reply_and_all_below_it(scene: Scene) -> None:
    deeper = scene.community.reply(to=scene.answer)
    scene.community.reply(thread=scene.thread)
    expected = [deeper, scene.answer, scene.reply]
    assert scene.shown(f"replies/{scene.reply['id']}") == [address(thing) for thing in expected]


def test_the_feed_of_a_reply_with_very_many_below_it_has_the_newest(scene: Scene) -> None:
    with scene.community.app.app_context():
        plant_children(db.session(), scene.reply["id"], 600)
    elsewhere = scene.community.reply(thread=scene.thread)
    shown = scene.shown(f"replies/{scene.reply['id']}", "?limit=2")
    assert shown == [address(scene.answer), address(scene.reply)]
    assert address(elsewhere) in scene.shown(f"threads/{scene.thread['id']}")


def test_the_feed_of_a_post_and_a_path_has_the_replies_on_both(scene: Scene) -> None:
    scene.community.reply(path="technical-path")
    shown = scene.shown(f"posts/{scene.post['slug']}/paths/technical-path")
    assert shown == [address(scene.reply)]


def test_the_feed_of_a_member_has_what_they_wrote(scene: Scene) -> None:
    opened = scene.community.thread(scene.ada)
    assert scene.shown("users/ada") == [address(opened), address(scene.reply)]


def test_a_feed_is_found_by_a_username_in_any_case(scene: Scene) -> None:
    assert scene.get("users/ADA").json["feed_url"] == f"{BASE_URL}/feeds/users/ada.json"


def test_a_limit_leaves_the_latest(scene: Scene) -> None:
    assert scene.shown("replies", "?limit=2") == [address(scene.answer), address(scene.reply)]


def test_a_feed_has_fifty_entries_unless_told(scene: Scene) -> None:
    for _ in range(50):
        scene.community.reply(scene.ada, scene.thread)
    assert len(scene.shown("users/ada")) == 50
    assert len(scene.shown("users/ada", "?limit=100")) == 51


def test_a_feed_knows_the_address_it_was_asked_by(scene: Scene) -> None:
    feed = scene.get("replies", query="?limit=2").json
    assert feed["feed_url"] == f"{BASE_URL}/feeds/replies.json?limit=2"


def test_feeds_name_the_pages_they_follow(scene: Scene) -> None:
    post = f"{BASE_URL}/posts/{scene.post['slug']}"
    assert [scene.get(feed).json["home_page_url"] for feed in scene.feeds] == [
        f"{BASE_URL}/",
        f"{BASE_URL}/",
        post,
        post,
        f"{BASE_URL}/threads/{scene.thread['id']}",
        f"{BASE_URL}/replies/{scene.reply['id']}",
        f"{BASE_URL}/users/ada",
    ]


def test_an_entry_says_who_wrote_what_and_where(scene: Scene) -> None:
    item = scene.item(scene.reply)
    assert item["title"] == "ada on Stay or go?"
    assert item["content_html"].strip() == "<p>I stayed.</p>"
    assert item["authors"] == [{"name": "ada", "url": f"{BASE_URL}/users/ada"}]


def test_a_thread_is_called_by_its_title(scene: Scene) -> None:
    assert scene.item(scene.thread)["title"] == "Stay or go?"


def test_where_a_thread_has_no_title_that_of_the_post_stands(scene: Scene) -> None:
    thread = scene.community.thread(scene.ada, scene.post)
    reply = scene.community.reply(scene.ada, thread)
    assert scene.item(thread)["title"] == "ada on Ladders"
    assert scene.item(reply)["title"] == "ada on Ladders"


def test_an_entry_names_the_paths_it_stands_on(scene: Scene) -> None:
    assert scene.item(scene.reply)["tags"] == ["technical-path"]
    make_bridge(scene)
    assert scene.item(scene.reply)["tags"] == ["technical-path", "management-path"]


def test_a_reply_names_the_reply_or_thread_that_it_answers(scene: Scene) -> None:
    for answer, answered in ((scene.reply, scene.thread), (scene.answer, scene.reply)):
        parent = scene.item(answer)["_crossroads"]["in_reply_to"]
        assert parent == {"id": scene.item(answered)["id"], "url": answered["url"]}


def test_an_entry_counts_the_replies_below_it(scene: Scene) -> None:
    assert scene.item(scene.reply)["_crossroads"]["reply_count"] == 1
    assert scene.item(scene.thread)["_crossroads"]["reply_count"] == 2


def test_an_edited_reply_stays_in_its_place_and_tells_the_time_of_the_edit(scene: Scene) -> None:
    before = scene.shown("replies")
    edited = scene.ada.ok("PATCH", f"/replies/{scene.reply['id']}", {"body": "I left."})
    item = scene.item(scene.reply)
    assert scene.shown("replies") == before
    assert item["date_published"] == edited["created_at"]
    assert item["date_modified"] == edited["edited_at"]


def test_links_come_from_the_configured_address_alone(
    make_community: Callable[..., Community],
) -> None:
    scene = populated(make_community(FORUM_BASE_URL="https://talk.example/"))
    for kind in FORMATS:
        text = scene.get("replies", kind, Host="evil.example").get_data(as_text=True)
        hosts = set(re.findall(r"https?://([a-z.0-9:]+)", text))
        assert hosts - {"www.w3.org", "purl.org", "jsonfeed.org"} == {"talk.example"}
        assert "tag:talk.example,2026-01-01:replies/1" in text


# What is not in them


def test_the_replies_to_a_removed_thread_stay_without_its_title(scene: Scene) -> None:
    scene.community.moderator().ok("DELETE", f"/threads/{scene.thread['id']}")
    assert "Stay or go?" not in scene.everything()
    assert "What would you do?" not in scene.everything()
    assert scene.shown("replies") == [address(scene.answer), address(scene.reply)]
    assert scene.item(scene.reply)["title"] == "ada on Ladders"


def test_what_was_said_below_a_deleted_post_is_in_no_feed(scene: Scene) -> None:
    scene.community.admin.ok("DELETE", f"/posts/{scene.post['slug']}")
    assert scene.shown("replies") == []


def test_an_erased_member_has_neither_name_nor_page(scene: Scene) -> None:
    leaver = scene.community.member("grace", password="three quiet harbour lights")
    reply = scene.community.reply(leaver, scene.thread)
    body = {"password": "three quiet harbour lights", "content": "keep"}
    leaver.ok("POST", "/me/erasure", body)
    item = scene.item(reply)
    assert item["authors"] == [{"name": "deleted member"}]
    assert item["title"] == "deleted member on Stay or go?"
    assert "grace" not in scene.everything()


# When they have changed


def edit(scene: Scene) -> None:
    scene.ada.ok("PATCH", f"/replies/{scene.reply['id']}", {"body": "I left."})


def delete(scene: Scene) -> None:
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")


def remove(scene: Scene) -> None:
    scene.community.moderator().ok("DELETE", f"/replies/{scene.reply['id']}")


def reply_again(scene: Scene) -> None:
    scene.community.reply(scene.ada, to=scene.reply, path="technical-path")


def rename(scene: Scene) -> None:
    scene.ada.ok("PATCH", "/me", {"display_name": "Ada L."})


every_change = pytest.mark.parametrize(
    "change", [edit, delete, remove, reply_again, rename, make_bridge]
)


def test_who_holds_the_feed_is_answered_304_without_a_body(scene: Scene) -> None:
    for feed, kind in product(scene.feeds, FORMATS):
        held = scene.get(feed, kind)
        answer = scene.get(feed, kind, **{"If-None-Match": held.headers["ETag"]})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == held.headers["ETag"]


@every_change
def test_a_change_gives_every_feed_that_shows_it_another_version(
    scene: Scene, change: Callable[[Scene], None]
) -> None:
    held = {feed: scene.get(feed).headers["ETag"] for feed in scene.feeds}
    change(scene)
    for feed, etag in held.items():
        assert scene.get(feed, **{"If-None-Match": etag}).status_code == 200


def test_what_a_feed_does_not_show_leaves_its_version(scene: Scene) -> None:
    held = scene.get(f"posts/{scene.post['slug']}").headers["ETag"]
    scene.community.reply()
    unchanged = scene.get(f"posts/{scene.post['slug']}", **{"If-None-Match": held})
    assert unchanged.status_code == 304


def test_who_holds_the_feed_of_the_last_change_is_answered_304(
    scene: Scene, let_pass: LetPass
) -> None:
    let_pass(minutes=1)
    for feed in scene.feeds:
        since = scene.get(feed).headers["Last-Modified"]
        assert scene.get(feed, **{"If-Modified-Since": since}).status_code == 304


def test_a_change_is_newer_than_the_last_one(scene: Scene, let_pass: LetPass) -> None:
    for change in (reply_again, edit, rename, make_bridge, delete):
        let_pass(minutes=1)
        since = scene.get("replies").headers["Last-Modified"]
        change(scene)
        let_pass(minutes=1)
        assert scene.get("replies", **{"If-Modified-Since": since}).status_code == 200


def test_a_change_later_in_the_second_of_the_last_one_is_seen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = datetime(2026, 12, 1, 12, tzinfo=UTC)

    def at(milliseconds: int) -> None:
        moment = second + timedelta(milliseconds=milliseconds)
        monkeypatch.setattr(clock, "now", lambda: moment)

    at(100)
    edit(scene)
    at(200)
    since = scene.get("replies").headers["Last-Modified"]
    at(300)
    delete(scene)
    at(1_500)
    assert scene.get("replies", **{"If-Modified-Since": since}).status_code == 200


def test_a_feed_was_last_changed_when_its_entries_were(scene: Scene) -> None:
    edited = scene.ada.ok("PATCH", f"/replies/{scene.reply['id']}", {"body": "I left."})
    atom = scene.get("replies", "atom").get_data(as_text=True)
    assert f"</subtitle><updated>{edited['edited_at']}</updated>" in atom


def test_caches_may_keep_a_feed_and_ask_again(scene: Scene) -> None:
    assert scene.get("replies").headers["Cache-Control"] == "public, no-cache"


# What they cost


def test_who_holds_the_feed_costs_one_query_and_no_look_at_the_texts(
    make_community: Callable[..., Community],
) -> None:
    scene = populated(make_community(FORUM_PAGE_CACHE_MEGABYTES="0"))
    for feed in scene.feeds:
        held = scene.get(feed).headers["ETag"]
        with recorded(scene.community.app) as asked:
            scene.get(feed, **{"If-None-Match": held})
        assert len(asked) == (2 if feed.startswith("replies/") else 1)
        assert not any("body" in statement.sql for statement in asked)


def test_the_number_of_queries_does_not_grow_with_the_entries(scene: Scene) -> None:
    def queries() -> list[int]:
        numbers = []
        for feed in scene.feeds:
            with recorded(scene.community.app) as asked:
                scene.get(feed, query="?limit=100")
            numbers.append(len(asked))
        return numbers

    few = queries()
    for _ in range(5):
        scene.community.thread(scene.ada, scene.post)
        scene.community.reply(scene.ada, to=scene.reply, path="technical-path")
    assert queries() == few
    assert max(few) <= 4


def test_reading_feeds_is_limited(make_community: Callable[..., Community]) -> None:
    limits = {"FORUM_RATELIMIT_ENABLED": "true", "FORUM_RATELIMIT_READ": "2 per hour"}
    scene = populated(make_community(**limits))
    statuses = [scene.get("replies", query=f"?limit={n}").status_code for n in (1, 2, 3)]
    assert statuses == [200, 200, 429]


# What is refused


def test_a_limit_that_is_given_twice_is_refused(community: Community) -> None:
    answer = community.client.open("/feeds/replies.atom?limit=5&limit=6")
    assert (answer.status_code, answer.json["errors"]) == (
        422,
        [{"pointer": "?limit", "detail": "Must be given once."}],
    )


def test_a_limit_that_is_none_is_refused(community: Community) -> None:
    for limit in ("0", "101", "-1", "1.5", "ten", "", "1" * 5_000, "٣"):
        answer = community.client.open("/feeds/replies.atom", query_string={"limit": limit})
        assert answer.status_code == 422
        assert answer.json["errors"][0]["pointer"] == "?limit"


def test_an_unknown_parameter_is_refused(community: Community) -> None:
    answer = community.client.open("/feeds/replies.rss?token=1")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert answer.json["errors"][0]["pointer"] == "?token"


def test_there_is_no_feed_of_what_is_not_there(community: Community) -> None:
    for feed in (
        "replies.xml",
        "replies",
        "paths/neither.rss",
        "posts/nowhere.atom",
        "posts/%00.atom",
        "threads/7.json",
        "threads/none.json",
        "threads/99999999999999999999.json",
        "replies/7.json",
        "posts/nowhere/paths/technical-path.atom",
        "users/nobody.rss",
    ):
        answer = community.client.open(f"/feeds/{feed}")
        assert (answer.status_code, answer.json["code"]) == (404, "not-found")


def test_there_is_no_feed_of_an_unanswered_thread_that_was_removed(community: Community) -> None:
    thread = community.thread()
    community.moderator().ok("DELETE", f"/threads/{thread['id']}")
    assert community.client.open(f"/feeds/threads/{thread['id']}.atom").status_code == 404
