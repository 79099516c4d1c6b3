"""Threads that lack a path are in feeds of their own, from when they come to lack it."""

from collections.abc import Callable
from itertools import product

from flask.testing import FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from forum.paths.balance import balance
from forum.threads.gap import gaps
from tests.clocks import LetPass
from tests.community import Json
from tests.feed_judge import problems
from tests.feeds.scene import BASE_URL, FORMATS, Scene, address, populated
from tests.feeds.test_hub import Made, told
from tests.feeds.test_leaving import left, pin
from tests.hiding import Hide, end_visibility, every_way_to_hide
from tests.receiver import LOOPBACK, Receiver
from tests.worker import work_off

TECHNICAL, MANAGEMENT = "technical-path", "management-path"
GAP, NO_TECHNICAL, NO_MANAGEMENT = "gap", f"gap/{TECHNICAL}", f"gap/{MANAGEMENT}"
FEEDS = (GAP, NO_TECHNICAL, NO_MANAGEMENT)


def speak(scene: Scene, number: int, path: str = TECHNICAL, thread: Json | None = None) -> Json:
    """Replies on a path by so many people; gives the last."""
    replies = [
        scene.community.reply(thread=thread or scene.thread, path=path) for _ in range(number)
    ]
    return replies[-1]


def take_back(scene: Scene, reply: Json) -> None:
    scene.community.admin.ok("DELETE", f"/replies/{reply['id']}", query_string={"reason": "So."})


def shown(scene: Scene) -> list[list[str]]:
    return [scene.shown(feed) for feed in FEEDS]


def everything(scene: Scene) -> str:
    """What the feeds say in all formats."""
    documents = (scene.get(feed, kind) for feed, kind in product(FEEDS, FORMATS))
    return "\n".join(document.get_data(as_text=True) for document in documents).lower()


# Coming and leaving


def test_a_thread_comes_to_the_feeds_of_the_path_it_lacks(scene: Scene) -> None:
    speak(scene, 4)
    assert shown(scene) == [[], [], []]
    speak(scene, 1)
    thread = address(scene.thread)
    assert shown(scene) == [[thread], [], [thread]]


def test_threads_are_in_the_order_in_which_they_came_to_lack_a_path(scene: Scene) -> None:
    later = scene.community.thread(post=scene.post)
    speak(scene, 6, MANAGEMENT, later)
    speak(scene, 5)
    assert shown(scene) == [
        [address(scene.thread), address(later)],
        [address(later)],
        [address(scene.thread)],
    ]
    assert scene.shown(GAP, "?limit=1") == [address(scene.thread)]


def test_a_thread_that_lacks_a_path_no_longer_leaves_these_feeds_alone(scene: Scene) -> None:
    speak(scene, 5)
    speak(scene, 2, MANAGEMENT)
    assert shown(scene) == [[], [], []]
    thread = address(scene.thread)
    assert [left(scene, feed) for feed in FEEDS] == [[thread], [], [thread]]
    assert thread in scene.shown("replies")
    assert left(scene, "replies") == []


def test_who_comes_back_is_not_announced_again(scene: Scene, let_pass: LetPass) -> None:
    last = speak(scene, 5)
    later = scene.community.thread(post=scene.post)
    speak(scene, 6, TECHNICAL, later)
    let_pass(days=1)
    take_back(scene, last)
    assert scene.shown(GAP) == [address(later)]
    speak(scene, 1)
    assert scene.shown(GAP) == [address(later), address(scene.thread)]
    assert left(scene, GAP) == []


def test_who_comes_to_lack_the_other_path_is_announced_there(
    scene: Scene, let_pass: LetPass
) -> None:
    speak(scene, 5)
    later = scene.community.thread(post=scene.post)
    speak(scene, 6, MANAGEMENT, later)
    let_pass(days=1)
    speak(scene, 24, MANAGEMENT)
    assert scene.shown(NO_TECHNICAL) == [address(scene.thread), address(later)]
    assert left(scene, NO_MANAGEMENT) == [address(scene.thread)]
    assert left(scene, GAP) == []


@every_way_to_hide
def test_a_hidden_thread_leaves(scene: Scene, hide: Hide) -> None:
    opener = scene.community.member()
    thread = scene.community.thread(opener, scene.post, title="Quokka?", body="A quokka.")
    speak(scene, 6, TECHNICAL, thread)
    assert "quokka" in everything(scene)
    hide(scene.community, opener, scene.post, f"/threads/{thread['id']}")
    assert shown(scene) == [[], [], []]
    assert [left(scene, feed) for feed in FEEDS] == [[address(thread)], [], [address(thread)]]
    assert "quokka" not in everything(scene)


def test_a_hidden_thread_neither_comes_nor_leaves(scene: Scene) -> None:
    speak(scene, 4)
    end_visibility(scene.community, f"/threads/{scene.thread['id']}", "held_at")
    pin(scene, TECHNICAL, scene.answer)
    assert scene.community.passer_by.ok("GET", f"/threads/{scene.thread['id']}")["balance"]["gap"]
    pin(scene, None, scene.answer)
    assert (scene.shown(GAP), left(scene, GAP)) == ([], [])


def test_an_erased_member_takes_threads_into_the_gap_and_out_of_it(scene: Scene) -> None:
    leaver = scene.community.member("grace", password="three quiet harbour lights")
    out = scene.community.thread(post=scene.post)
    speak(scene, 5, TECHNICAL, out)
    scene.community.reply(leaver, out, path=TECHNICAL)
    speak(scene, 7)
    speak(scene, 1, MANAGEMENT)
    assert scene.shown(GAP) == [address(scene.thread), address(out)]
    into = scene.community.thread(post=scene.post)
    speak(scene, 6, TECHNICAL, into)
    speak(scene, 1, MANAGEMENT, into)
    scene.community.reply(leaver, into, path=MANAGEMENT)
    assert address(into) not in scene.shown(GAP)
    body = {"password": "three quiet harbour lights", "content": "remove"}
    leaver.ok("POST", "/me/erasure", body)
    work_off(scene.community.app)
    assert scene.shown(GAP) == [address(into), address(scene.thread)]
    assert left(scene, GAP) == [address(out)]


# As feeds are


def test_feeds_of_the_gap_are_valid(scene: Scene) -> None:
    speak(scene, 5)
    gone = scene.community.thread(post=scene.post)
    take_back(scene, speak(scene, 6, TECHNICAL, gone))
    for feed, kind in product(FEEDS, FORMATS):
        document = scene.get(feed, kind).data
        assert problems(kind, document, f"{BASE_URL}/feeds/{feed}.{kind}") == []


def test_the_gap_goes_on_from_page_to_page_and_in_archives(scene: Scene, let_pass: LetPass) -> None:
    threads = [scene.community.thread(post=scene.post) for _ in range(3)]
    for thread in threads:
        speak(scene, 6, TECHNICAL, thread)
    first = scene.get(GAP, query="?limit=2").json
    rest = scene.community.client.open(first["next_url"].removeprefix(BASE_URL)).json
    urls = [item["url"] for part in (first, rest) for item in part["items"]]
    assert urls == [thread["url"] for thread in reversed(threads)]
    let_pass(days=40)
    kept = scene.get(GAP, query=f"?archive={first['items'][0]['date_published'][:7]}").json
    assert [item["url"] for item in kept["items"]] == urls


def test_who_holds_the_gap_is_told_of_changes_alone(scene: Scene, let_pass: LetPass) -> None:
    last = speak(scene, 5)
    let_pass(minutes=1)
    answer = scene.get(GAP)
    held = {"If-None-Match": answer.headers["ETag"]}
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}
    assert [scene.get(GAP, **given).status_code for given in (held, since)] == [304, 304]
    take_back(scene, last)
    let_pass(minutes=1)
    assert [scene.get(GAP, **given).status_code for given in (held, since)] == [200, 200]


def test_a_hub_is_told_of_the_gap_when_a_thread_comes_and_leaves(
    make_community: Made, receiver: Receiver
) -> None:
    hub = {"FORUM_WEBSUB_HUB": receiver.url, "FORUM_OUTBOUND_ALLOWED": LOOPBACK}
    scene = populated(make_community(**hub))

    def told_after(act: Callable[[], object]) -> set[str]:
        work_off(scene.community.app)
        receiver.calls.clear()
        act()
        work_off(scene.community.app)
        return {*told(receiver)} & {*FEEDS}

    speak(scene, 3)
    assert told_after(lambda: speak(scene, 1)) == set()
    assert told_after(lambda: speak(scene, 1)) == {GAP, NO_MANAGEMENT}
    assert told_after(lambda: speak(scene, 2, MANAGEMENT)) == {GAP, NO_MANAGEMENT}


# What is stored


def test_counting_anew_agrees_and_repairs(
    scene: Scene, cli: FlaskCliRunner, session: Session
) -> None:
    speak(scene, 5)
    check = ["recount", "--check"]
    assert cli.invoke(args=check).exit_code == 0
    session.connection().exec_driver_sql("UPDATE threads SET technical_halves = 2")
    session.commit()
    assert cli.invoke(args=["recount"]).exit_code == 0
    assert scene.shown(NO_MANAGEMENT) == [address(scene.thread)]
    assert cli.invoke(args=check).exit_code == 0


def test_the_database_finds_the_gap_as_we_do(session: Session) -> None:
    @given(st.integers(0, 300), st.integers(0, 300))
    def agrees(technical: int, management: int) -> None:
        found = gaps(literal(technical), literal(management))
        in_gap, *lacks = session.execute(select(*found.values())).one()
        gap = balance(technical, management, 0).gap
        assert [*map(bool, lacks)] == [gap == path for path in (TECHNICAL, MANAGEMENT)]
        assert bool(in_gap) == (gap is not None)

    agrees()
