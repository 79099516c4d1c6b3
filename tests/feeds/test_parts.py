"""Back to the first reply: by pages, and by archives that stay what they are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from defusedxml.ElementTree import fromstring

from forum.core import clock
from tests.apps import Answer
from tests.community import Community
from tests.feed_judge import ATOM, HISTORY, problems
from tests.feeds.scene import BASE_URL, FORMATS, Scene, address, populated

Clock = Callable[[datetime], None]


@pytest.fixture
def community(make_community: Callable[..., Community]) -> Community:
    """A forum in which nobody has to sign in again for years."""
    return make_community(FORUM_REFRESH_TOKEN_DAYS="3650")


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets the application's clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def old_scene(community: Community, set_clock: Clock) -> Scene:
    """The scene in August, with two threads and six replies of Ada in each of three months."""
    set_clock(datetime(2026, 8, 1, tzinfo=UTC))
    scene = populated(community)
    for month in (8, 9, 10):
        for day in (3, 5):
            set_clock(datetime(2026, month, day, tzinfo=UTC))
            scene.community.thread(scene.ada, scene.post)
            for hour in range(3):
                set_clock(datetime(2026, month, day, hour, tzinfo=UTC))
                scene.community.reply(scene.ada, scene.thread, path="technical-path")
    set_clock(datetime(2026, 10, 20, tzinfo=UTC))
    return scene


def follow(scene: Scene, feed: str, relation: str, query: str = "") -> list[Any]:
    """The JSON of a feed's documents, from the newest to where the relation no longer leads."""
    documents = [scene.get(feed, query=query).json]
    while (url := documents[-1]["_crossroads"]["links"].get(relation)) is not None:
        documents.append(at(scene, url).json)
    return documents


def at(scene: Scene, url: str) -> Answer:
    parts = urlsplit(url)
    answer = scene.community.client.open(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200
    return answer


def shown(document: Any) -> list[str]:
    return [item["url"].removeprefix(f"{BASE_URL}/") for item in document["items"]]


def test_pages_lead_back_to_the_first_and_have_each_entry_once(old_scene: Scene) -> None:
    for feed in old_scene.feeds:
        everything = old_scene.shown(feed, "?limit=100")
        for limit in (1, 2, 3, 7):
            pages = follow(old_scene, feed, "next", f"?limit={limit}")
            assert [url for page in pages for url in shown(page)] == everything
            assert {len(page["items"]) for page in pages[:-1]} <= {limit}


def test_archives_lead_back_to_the_first_reply(old_scene: Scene) -> None:
    for feed in old_scene.feeds:
        everything = old_scene.shown(feed, "?limit=100")
        for limit in (1, 2, 3, 7):
            documents = follow(old_scene, feed, "prev-archive", f"?limit={limit}")
            assert {url for document in documents for url in shown(document)} == {*everything}


def test_an_archive_has_what_came_in_its_month(old_scene: Scene) -> None:
    document = old_scene.get("users/ada", query="?archive=2026-09").json
    assert len(document["items"]) == 8
    assert {item["date_published"][:7] for item in document["items"]} == {"2026-09"}
    assert document["_crossroads"]["archive"] is True


def test_things_of_one_moment_are_on_one_page_each(scene: Scene, set_clock: Clock) -> None:
    set_clock(datetime(2026, 12, 1, tzinfo=UTC))
    for _ in range(3):
        scene.community.thread(scene.ada, scene.post)
        scene.community.reply(scene.ada, scene.thread)
    everything = scene.shown("users/ada")
    pages = follow(scene, "users/ada", "next", "?limit=1")
    assert [url for page in pages for url in shown(page)] == everything


def test_archives_of_months_that_are_over_stay_what_they_are(
    old_scene: Scene, set_clock: Clock
) -> None:
    def archived() -> list[tuple[str, list[str]]]:
        documents = follow(old_scene, "users/ada", "prev-archive", "?limit=3")
        found = [(document["feed_url"], shown(document)) for document in documents]
        return [(url, urls) for url, urls in found if "archive=2026-1" not in url][1:]

    before = archived()
    set_clock(datetime(2026, 10, 21, tzinfo=UTC))
    old_scene.community.reply(old_scene.ada, old_scene.thread)
    assert archived() == before
    set_clock(datetime(2026, 12, 1, tzinfo=UTC))
    assert archived() == before


def test_an_archive_that_is_held_is_answered_304(old_scene: Scene) -> None:
    held = old_scene.get("users/ada", query="?archive=2026-09").headers["ETag"]
    old_scene.community.reply(old_scene.ada, old_scene.thread)
    answer = old_scene.get("users/ada", query="?archive=2026-09", **{"If-None-Match": held})
    assert answer.status_code == 304


def test_an_archive_leads_to_what_is_new(old_scene: Scene) -> None:
    links = old_scene.get("users/ada", query="?archive=2026-09").json["_crossroads"]["links"]
    assert links == {
        "current": f"{BASE_URL}/feeds/users/ada.json",
        "prev-archive": f"{BASE_URL}/feeds/users/ada.json?archive=2026-08",
    }


def test_an_archive_of_a_month_without_news_leads_further_back(old_scene: Scene) -> None:
    document = old_scene.get("users/ada", query="?archive=2026-11").json
    assert document["items"] == []
    assert document["_crossroads"]["links"]["prev-archive"].endswith("?archive=2026-10")


def test_what_came_late_to_a_path_is_archived_by_when_it_came(
    old_scene: Scene, set_clock: Clock
) -> None:
    set_clock(datetime(2026, 9, 30, tzinfo=UTC))
    late = old_scene.community.reply()
    set_clock(datetime(2026, 10, 1, tzinfo=UTC))
    old_scene.community.cast(late, management=3)
    feed = "paths/management-path"
    assert shown(old_scene.get(feed, query="?archive=2026-09").json) == []
    assert shown(old_scene.get(feed, query="?archive=2026-10").json) == [address(late)]


def test_every_part_is_valid_in_every_format(old_scene: Scene) -> None:
    for kind in FORMATS:
        for feed in old_scene.feeds:
            for document in follow(old_scene, feed, "prev-archive", "?limit=2"):
                url = document["feed_url"].replace(".json", f".{kind}")
                assert problems(kind, at(old_scene, url).data, url) == []


def test_a_feed_that_is_all_in_one_document_is_complete(scene: Scene) -> None:
    def is_complete(query: str) -> bool:
        atom = fromstring(scene.get("replies", "atom", query).data)
        rss = fromstring(scene.get("replies", "rss", query).data)
        json = scene.get("replies", "json", query).json["_crossroads"]["complete"]
        found = [atom.find(f"{HISTORY}complete"), rss.find(f"channel/{HISTORY}complete")]
        assert [element is not None for element in found] == [json, json]
        return bool(json)

    assert is_complete("")
    assert not is_complete("?limit=2")


def test_atom_and_rss_lead_to_the_same_parts(old_scene: Scene) -> None:
    for kind in ("atom", "rss"):
        root = fromstring(old_scene.get("users/ada", kind, "?limit=2").data)
        links = {link.get("rel"): link.get("href") for link in root.iter(f"{ATOM}link")}
        start = f"{BASE_URL}/feeds/users/ada.{kind}?limit=2"
        assert str(links["prev-archive"]).startswith(f"{start}&archive=2026-10&cursor=")
        assert str(links["next"]).startswith(f"{start}&cursor=")


def test_a_page_later_on_leads_to_the_first(old_scene: Scene) -> None:
    first, second, *_ = follow(old_scene, "users/ada", "next", "?limit=2")
    assert "first" not in first["_crossroads"]["links"]
    assert second["_crossroads"]["links"]["first"] == first["feed_url"]


def test_a_cursor_of_another_feed_or_archive_is_refused(old_scene: Scene) -> None:
    following = old_scene.get("users/ada", query="?limit=2").json["next_url"]
    cursor = urlsplit(following).query.partition("cursor=")[2]
    for feed, query in (
        ("replies", f"?cursor={cursor}"),
        ("users/ada", f"?archive=2026-10&cursor={cursor}"),
        ("users/ada", f"?cursor={cursor[:-4]}"),
    ):
        answer = old_scene.get(feed, query=query)
        assert (answer.status_code, answer.json["code"]) == (400, "cursor-mismatch")


def test_a_cursor_is_good_in_every_format(old_scene: Scene) -> None:
    following = old_scene.get("users/ada", query="?limit=2").json["next_url"]
    assert at(old_scene, following.replace(".json", ".atom")).status_code == 200


@pytest.mark.parametrize(
    "month", ["2026", "2026-13", "2026-00", "0000-01", "2026-1", "", "٢٠٢٦-٠١"]
)
def test_an_archive_of_no_month_is_refused(scene: Scene, month: str) -> None:
    answer = scene.community.client.open("/feeds/replies.atom", query_string={"archive": month})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?archive")


def test_months_end_where_the_next_begins(scene: Scene, set_clock: Clock) -> None:
    midnight = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    set_clock(midnight)
    old = scene.community.reply(scene.ada)
    set_clock(midnight + timedelta(microseconds=1))
    new = scene.community.reply(scene.ada)
    for month, reply in (("2026-12", old), ("2027-01", new)):
        items = shown(scene.get("users/ada", query=f"?archive={month}").json)
        assert [url for url in items if url in {address(old), address(new)}] == [address(reply)]
