"""A hub hears of every public feed that changes, and who subscribed there gets what is new."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from defusedxml.ElementTree import fromstring
from sqlalchemy import func, select
from werkzeug.serving import make_server

from forum.core.db import db
from forum.feeds.jobs import MOST_ATTEMPTS
from forum.feeds.models import HubPing
from tests.clocks import LetPass
from tests.community import Community
from tests.feed_judge import ATOM
from tests.feeds.scene import Scene, populated
from tests.receiver import LOOPBACK, QuietServer, Receiver
from tests.servers import free_port
from tests.waiting import wait_until
from tests.worker import work_off

Made = Callable[..., Community]


def followed(make_community: Made, hub: str, **more: str) -> Scene:
    """The scene in a forum whose feeds a hub follows, which was told of it."""
    scene = populated(make_community(FORUM_WEBSUB_HUB=hub, FORUM_OUTBOUND_ALLOWED=LOOPBACK, **more))
    work_off(scene.community.app)
    return scene


def told(receiver: Receiver) -> list[str]:
    """The feeds that a hub was told of, once for each time."""
    forms = [parse_qs(call.body.decode()) for call in receiver.calls]
    topics = [urlsplit(form["hub.url"][0]).path for form in forms]
    return [topic.removeprefix("/feeds/").rpartition(".")[0] for topic in topics]


def waiting(scene: Scene) -> int | None:
    with scene.community.app.app_context():
        return db.session.scalar(select(func.count()).select_from(HubPing))


# What the hub is told


def test_a_reply_is_told_of_in_every_feed_that_shows_it(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    reply = scene.community.reply(scene.ada, to=scene.reply, path="technical-path")
    work_off(scene.community.app)
    assert sorted(told(receiver)) == sorted([*scene.feeds, f"replies/{reply['id']}"])


def test_a_hub_is_told_of_all_formats_at_once(make_community: Made, receiver: Receiver) -> None:
    followed(make_community, receiver.url)
    form = parse_qs(receiver.calls[0].body.decode())
    assert form["hub.mode"] == ["publish"]
    assert [url.rpartition(".")[2] for url in form["hub.url"]] == ["rss", "atom", "json"]


def test_a_feed_that_changes_often_is_told_of_once(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    for _ in range(5):
        scene.community.reply(scene.ada, scene.thread)
    work_off(scene.community.app)
    assert told(receiver).count("replies") == 1


def test_a_path_is_told_of_that_a_reply_leaves_and_that_it_comes_to(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    body = {"path": "management-path", "reason": "It is."}
    scene.community.admin.ok("PUT", f"/replies/{scene.reply['id']}/pin", body)
    work_off(scene.community.app)
    assert {"paths/technical-path", "paths/management-path"} <= {*told(receiver)}


def test_what_disappears_is_told_of(make_community: Made, receiver: Receiver) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    scene.ada.ok("DELETE", f"/replies/{scene.reply['id']}")
    work_off(scene.community.app)
    assert {*scene.feeds} <= {*told(receiver)}


def test_a_post_and_a_member_that_are_called_otherwise_are_told_of(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    post = f"posts/{scene.post['slug']}"
    scene.community.admin.ok("PATCH", f"/{post}", {"title": "Which ladder?"})
    scene.ada.ok("PATCH", "/me", {"display_name": "Ada B."})
    work_off(scene.community.app)
    assert {post, f"{post}/paths/technical-path", "users/ada"} <= {*told(receiver)}


def test_a_hub_that_fails_is_told_later(
    make_community: Made, receiver: Receiver, let_pass: LetPass
) -> None:
    receiver.status = 503
    scene = followed(make_community, receiver.url)
    attempts = len(receiver.calls)
    assert waiting(scene) == attempts
    receiver.status = 204
    let_pass(minutes=1)
    work_off(scene.community.app)
    assert len(receiver.calls) == 2 * attempts
    assert waiting(scene) == 0


def test_a_hub_that_fails_is_not_given_up_for_what_happens_meanwhile(
    make_community: Made, receiver: Receiver, let_pass: LetPass
) -> None:
    receiver.status = 503
    scene = followed(make_community, receiver.url)
    for _ in range(MOST_ATTEMPTS - 1):
        scene.community.reply(scene.ada, scene.thread)
        work_off(scene.community.app)
    receiver.status = 204
    receiver.calls.clear()
    let_pass(minutes=1)
    work_off(scene.community.app)
    assert "replies" in told(receiver)


def test_a_change_while_the_hub_is_told_is_told_as_well(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    receiver.calls.clear()
    changes = iter(range(1))

    def change(_call: Any) -> int:
        for _ in changes:
            scene.community.reply(scene.ada, scene.thread)
        return 204

    receiver.answer = change
    scene.community.reply(scene.ada, scene.thread)
    work_off(scene.community.app)
    assert told(receiver).count("replies") == 2
    assert waiting(scene) == 0


def test_without_a_hub_nobody_is_told(community: Community) -> None:
    scene = populated(community)
    work_off(scene.community.app)
    assert waiting(scene) == 0


# Where the hub is found


def test_every_public_feed_names_the_hub(make_community: Made, receiver: Receiver) -> None:
    scene = followed(make_community, receiver.url)
    for feed in scene.feeds:
        atom, json_feed = scene.get(feed, "atom"), scene.get(feed, "json")
        links = fromstring(atom.data).findall(f"{ATOM}link[@rel='hub']")
        assert [link.get("href") for link in links] == [receiver.url]
        assert json_feed.json["hubs"] == [{"type": "WebSub", "url": receiver.url}]
        topic = json_feed.json["feed_url"].replace(".json", ".atom")
        assert atom.headers["Link"] == f'<{receiver.url}>; rel="hub", <{topic}>; rel="self"'


def test_no_private_feed_and_no_other_part_names_the_hub(
    make_community: Made, receiver: Receiver
) -> None:
    scene = followed(make_community, receiver.url)
    token = scene.ada.ok("POST", "/me/feed-tokens", {})["token"]
    for feed, query in (
        ("me/replies", f"?token={token}"),
        ("replies", "?limit=2"),
        ("replies", "?archive=2026-10"),
    ):
        answer = scene.get(feed, "atom", query)
        assert receiver.url not in f"{answer.get_data(as_text=True)} {answer.headers}"


# With a hub


@dataclass
class Subscriber:
    """Who gets what a hub passes on, after confirming that they asked for it."""

    server: Any = None
    bodies: list[str] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    found = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            intent = parse_qs(urlsplit(self.path).query)
            found.intents += intent["hub.topic"]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(intent["hub.challenge"][0].encode())

        def do_POST(self) -> None:
            found.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    found.server = QuietServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=found.server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def hub() -> Iterator[str]:
    """The address of a hub that runs as a process of its own."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-m", "tests.feeds.hub", str(port)]) as process:
        url = f"http://127.0.0.1:{port}/"
        wait_until(lambda: published(url) is not None)
        yield url
        process.terminate()


def published(hub: str) -> Any:
    try:
        with urlopen(hub) as answer:  # noqa: S310 - of the test
            return json.load(answer)
    except URLError:
        return None


def test_a_subscriber_of_the_hub_gets_a_reply_without_asking_for_it(
    make_community: Made, hub: str, subscriber: Subscriber
) -> None:
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    scene = followed(make_community, hub, FORUM_BASE_URL=base_url)
    server = make_server("127.0.0.1", port, scene.community.app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        topic = f"{base_url}/feeds/threads/{scene.thread['id']}.atom"
        wanted = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": subscriber.url}
        urlopen(hub, urlencode(wanted).encode()).close()  # noqa: S310 - of the test
        scene.community.reply(scene.ada, scene.thread, body="Fresh off the press.")
        work_off(scene.community.app)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert subscriber.intents == [topic]
    assert [body.count("Fresh off the press.") for body in subscriber.bodies] == [1]
