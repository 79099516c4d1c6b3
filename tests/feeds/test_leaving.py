"""What leaves a feed is told in that feed alone, and what comes to a path when it comes."""

from collections.abc import Callable
from functools import partial
from itertools import product

from defusedxml.ElementTree import fromstring

from tests.clocks import LetPass
from tests.community import Community, Json
from tests.feed_judge import TOMBSTONE, problems
from tests.feeds.scene import BASE_URL, FORMATS, Scene, address, make_bridge
from tests.hiding import Hide, end_visibility, every_way_to_hide, with_its_post
from tests.worker import work_off

TECHNICAL, MANAGEMENT = "paths/technical-path", "paths/management-path"


def left(scene: Scene, feed: str) -> list[str]:
    """What a feed says has left it, as `replies/7`, latest first."""
    deleted = scene.get(feed).json["_crossroads"]["deleted"]
    return [entry["id"].rpartition(":")[2] for entry in deleted]


def pin(scene: Scene, path: str | None, reply: Json | None = None) -> None:
    body = {"path": path, "reason": "It is so."}
    reply_id = (reply or scene.reply)["id"]
    scene.community.admin.ok("PUT", f"/replies/{reply_id}/pin", body)


# Disappearing


@every_way_to_hide
def test_what_disappears_leaves_every_feed_it_stood_in(scene: Scene, hide: Hide) -> None:
    hide(scene.community, scene.ada, scene.post, f"/replies/{scene.reply['id']}")
    gone = ("posts/", "threads/", "replies/") if hide is with_its_post else ()
    for feed in scene.feeds:
        if not feed.startswith(gone):
            assert address(scene.reply) not in scene.shown(feed)
            assert address(scene.reply) in left(scene, feed)


@every_way_to_hide
def test_a_thread_that_disappears_leaves_the_feeds_it_stood_in(scene: Scene, hide: Hide) -> None:
    opened = scene.community.thread(scene.ada, scene.post)
    hide(scene.community, scene.ada, scene.post, f"/threads/{opened['id']}")
    for feed in ("replies", "users/ada"):
        assert address(opened) in left(scene, feed)


def test_what_an_erased_member_wrote_leaves(scene: Scene) -> None:
    leaver = scene.community.member("grace", password="three quiet harbour lights")
    reply = scene.community.reply(leaver, scene.thread, path="technical-path")
    thread = scene.community.thread(leaver, scene.post)
    body = {"password": "three quiet harbour lights", "content": "remove"}
    leaver.ok("POST", "/me/erasure", body)
    work_off(scene.community.app)
    assert {*left(scene, "replies")} == {address(reply), address(thread)}
    assert left(scene, TECHNICAL) == [address(reply)]


def test_every_format_tells_what_left_and_when(scene: Scene) -> None:
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    (told,) = scene.get("replies").json["_crossroads"]["deleted"]
    for kind in ("atom", "rss"):
        (element,) = fromstring(scene.get("replies", kind).data).iter(TOMBSTONE)
        assert element.attrib == {"ref": told["id"], "when": told["when"]}


def test_feeds_that_tell_what_left_are_valid(scene: Scene) -> None:
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    for feed, kind in product(scene.feeds, FORMATS):
        document = scene.get(feed, kind).data
        assert problems(kind, document, f"{BASE_URL}/feeds/{feed}.{kind}") == []


def test_what_left_is_told_however_old_it_is(scene: Scene) -> None:
    for _ in range(3):
        scene.community.reply(scene.ada, scene.thread)
    held = scene.get("replies", query="?limit=1").headers["ETag"]
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    answer = scene.get("replies", query="?limit=1", **{"If-None-Match": held})
    assert answer.status_code == 200
    assert answer.json["_crossroads"]["deleted"][0]["id"].endswith(address(scene.reply))


def test_what_left_last_is_told_first_and_no_more_than_the_limit(scene: Scene) -> None:
    for reply in (scene.answer, scene.reply):
        end_visibility(scene.community, f"/replies/{reply['id']}", "removed_at")
    assert left(scene, "replies") == [address(scene.reply), address(scene.answer)]
    limited = scene.get("replies", query="?limit=1").json["_crossroads"]["deleted"]
    assert [entry["id"].rpartition(":")[2] for entry in limited] == [address(scene.reply)]


def test_what_leaves_one_place_is_not_told_in_another(scene: Scene) -> None:
    elsewhere = scene.community.reply(path="management-path")
    end_visibility(scene.community, f"/replies/{elsewhere['id']}", "removed_at")
    assert [left(scene, feed) for feed in scene.feeds if feed != "replies"] == [[]] * 6


def test_a_feed_was_last_changed_when_something_left(scene: Scene, let_pass: LetPass) -> None:
    let_pass(minutes=1)
    since = scene.get(TECHNICAL).headers["Last-Modified"]
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    let_pass(minutes=1)
    assert scene.get(TECHNICAL, **{"If-Modified-Since": since}).status_code == 200


# Paths


def test_a_path_has_replies_in_the_order_in_which_they_came_to_it(
    scene: Scene, let_pass: LetPass
) -> None:
    let_pass(days=2)
    later = scene.community.reply(path="technical-path")
    pin(scene, "technical-path", scene.answer)
    assert scene.shown(TECHNICAL) == [address(r) for r in (scene.answer, later, scene.reply)]
    post = f"posts/{scene.post['slug']}/{TECHNICAL}"
    assert scene.shown(post, "?limit=1") == [address(scene.answer)]


def test_who_leaves_a_path_is_told_to_have_left_there_alone(scene: Scene) -> None:
    pin(scene, "management-path")
    assert (scene.shown(TECHNICAL), left(scene, TECHNICAL)) == ([], [address(scene.reply)])
    assert (scene.shown(MANAGEMENT), left(scene, MANAGEMENT)) == ([address(scene.reply)], [])
    assert address(scene.reply) in scene.shown("replies")
    assert [left(scene, feed) for feed in ("replies", "users/ada")] == [[], []]


def test_who_comes_back_to_a_path_is_not_announced_again(scene: Scene, let_pass: LetPass) -> None:
    later = scene.community.reply(path="technical-path")
    let_pass(days=1)
    pin(scene, None)
    pin(scene, "technical-path")
    assert scene.shown(TECHNICAL) == [address(later), address(scene.reply)]
    assert left(scene, TECHNICAL) == []


def test_who_comes_back_to_a_path_changes_its_feed(scene: Scene, let_pass: LetPass) -> None:
    pin(scene, None)
    let_pass(minutes=1)
    since = scene.get(TECHNICAL).headers["Last-Modified"]
    pin(scene, "technical-path")
    let_pass(minutes=1)
    assert scene.get(TECHNICAL, **{"If-Modified-Since": since}).status_code == 200


def test_a_bridge_comes_to_the_other_path_when_it_becomes_one(
    scene: Scene, let_pass: LetPass
) -> None:
    before = scene.community.reply(path="management-path")
    let_pass(days=1)
    make_bridge(scene)
    assert scene.shown(MANAGEMENT) == [address(scene.reply), address(before)]
    assert scene.shown(TECHNICAL) == [address(scene.reply)]


def test_what_ceases_to_be_a_bridge_leaves_the_other_path(scene: Scene) -> None:
    make_bridge(scene)
    pin(scene, "technical-path")
    assert (scene.shown(MANAGEMENT), left(scene, MANAGEMENT)) == ([], [address(scene.reply)])
    assert (scene.shown(TECHNICAL), left(scene, TECHNICAL)) == ([address(scene.reply)], [])


def test_who_left_a_path_and_disappears_then_left_it_once(scene: Scene, let_pass: LetPass) -> None:
    pin(scene, None)
    before = scene.get(TECHNICAL).json["_crossroads"]["deleted"]
    let_pass(days=1)
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    assert scene.get(TECHNICAL).json["_crossroads"]["deleted"] == before


def test_other_thresholds_move_replies_to_paths_when_they_are_counted_anew(
    scene: Scene, make_community: Callable[..., Community], let_pass: LetPass
) -> None:
    scene.community.cast(scene.answer, management=2)
    later = scene.community.reply(path="management-path")
    let_pass(days=1)
    changed = make_community(FORUM_PATH_QUORUM="2")
    recount = partial(changed.app.test_cli_runner().invoke, args=["recount"])
    assert recount().exit_code == 0
    assert scene.shown(MANAGEMENT) == [address(scene.answer), address(later)]
    assert recount(args=["recount", "--check"]).exit_code == 0
