"""How feed readers find the feeds: by the pages, and by a list of all."""

import pytest
from defusedxml.ElementTree import fromstring

from forum.feeds import opml
from tests.feeds.scene import BASE_URL, Scene
from tests.web.page import read


def listed(scene: Scene, address: str = "/feeds.opml") -> list[str]:
    """The addresses of the feeds in the list and those that it includes."""
    answer = scene.community.client.open(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/x-opml")
    outlines = [*fromstring(answer.data, forbid_dtd=True).iter("outline")]
    more = [outline.get("url", "") for outline in outlines if outline.get("type") == "include"]
    feeds = [url for outline in outlines if (url := outline.get("xmlUrl"))]
    return feeds + [feed for url in more for feed in listed(scene, url.removeprefix(BASE_URL))]


def linked(scene: Scene, page: str) -> list[str]:
    """The feeds that a page names, as their addresses do."""
    links = read(scene.community.client, page).all("link", rel="alternate")
    feeds = [link for link in links if link.get("type") == "application/atom+xml"]
    return [str(link.get("href")).removeprefix("/feeds/").removesuffix(".atom") for link in feeds]


def test_the_list_names_the_feeds_of_the_community_and_of_posts(scene: Scene) -> None:
    post = f"{BASE_URL}/feeds/posts/{scene.post['slug']}"
    assert listed(scene) == [
        f"{BASE_URL}/feeds/replies.atom",
        f"{BASE_URL}/feeds/paths/technical-path.atom",
        f"{BASE_URL}/feeds/paths/management-path.atom",
        f"{BASE_URL}/feeds/gap.atom",
        f"{BASE_URL}/feeds/gap/technical-path.atom",
        f"{BASE_URL}/feeds/gap/management-path.atom",
        f"{post}.atom",
        f"{post}/paths/technical-path.atom",
        f"{post}/paths/management-path.atom",
    ]


def test_every_feed_in_the_list_is_there(scene: Scene) -> None:
    for url in listed(scene):
        answer = scene.community.client.open(url.removeprefix(BASE_URL))
        assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")


def test_the_list_goes_on_to_the_first_post(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        scene.community.post()
    everything = listed(scene)
    monkeypatch.setattr(opml, "POSTS_A_PAGE", 2)
    assert {*listed(scene)} == {*everything}


def test_any_title_makes_a_list_that_can_be_read(scene: Scene) -> None:
    scene.community.post(title="<b>Q&A</b> \"'> ]]>")
    root = fromstring(scene.community.client.open("/feeds.opml").data)
    assert "<b>Q&A</b> \"'> ]]>" in [outline.get("text") for outline in root.iter("outline")]


def test_a_deleted_post_is_not_in_the_list(scene: Scene) -> None:
    scene.community.admin.ok("DELETE", f"/posts/{scene.post['slug']}")
    assert not [url for url in listed(scene) if "/posts/" in url]


def test_pages_name_their_feeds(scene: Scene) -> None:
    paths = ["paths/technical-path", "paths/management-path"]
    post = f"posts/{scene.post['slug']}"
    thread, reply = f"threads/{scene.thread['id']}", f"replies/{scene.reply['id']}"
    gap = ["gap", "gap/technical-path", "gap/management-path"]
    assert linked(scene, "/") == [*paths, *gap, "replies"]
    assert linked(scene, f"/{post}") == [post, *(f"{post}/{path}" for path in paths), "replies"]
    assert linked(scene, f"/{thread}") == [thread, "replies"]
    assert linked(scene, f"/{reply}") == [reply, thread, "replies"]
    assert linked(scene, "/users/ada") == ["users/ada", "replies"]


def test_pages_name_the_list(scene: Scene) -> None:
    links = read(scene.community.client, "/").all("link", rel="alternate")
    assert [link.get("href") for link in links if link.get("type") == "text/x-opml"] == [
        "/feeds.opml"
    ]
