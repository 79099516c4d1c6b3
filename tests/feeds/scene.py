"""A forum with a little of everything that feeds show."""

from dataclasses import dataclass
from typing import Any

from tests.apps import Answer
from tests.community import Community, Json, Person

BASE_URL = "http://127.0.0.1:8000"
FORMATS = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}


@dataclass
class Scene:
    """A post with a thread, in it a reply on the technical path by Ada, and below that another."""

    community: Community
    ada: Person
    post: Json
    thread: Json
    reply: Json
    answer: Json

    @property
    def feeds(self) -> list[str]:
        """The feeds that show Ada's reply."""
        return [
            "replies",
            "paths/technical-path",
            f"posts/{self.post['slug']}",
            f"posts/{self.post['slug']}/paths/technical-path",
            f"threads/{self.thread['id']}",
            f"replies/{self.reply['id']}",
            f"users/{self.ada.username}",
        ]

    def get(self, feed: str, kind: str = "json", query: str = "", **headers: str) -> Answer:
        return self.community.client.open(f"/feeds/{feed}.{kind}{query}", headers=headers)

    def shown(self, feed: str, query: str = "") -> list[str]:
        """The addresses of what a feed shows, such as `replies/7`."""
        items = self.get(feed, query=query).json["items"]
        return [item["url"].removeprefix(f"{BASE_URL}/") for item in items]

    def item(self, thing: Json, feed: str = "replies") -> Any:
        items = self.get(feed).json["items"]
        return next(item for item in items if item["url"] == thing["url"])

    def everything(self) -> str:
        """All feeds in all formats."""
        return "\n".join(
            self.get(feed, kind).get_data(as_text=True) for feed in self.feeds for kind in FORMATS
        )


def populated(community: Community) -> Scene:
    """The scene in a forum of nothing else."""
    ada = community.member("ada")
    post = community.post(title="Ladders")
    thread = community.thread(post=post, title="Stay or go?")
    reply = community.reply(ada, thread, body="I stayed.", path="technical-path")
    return Scene(community, ada, post, thread, reply, community.reply(to=reply))


def address(thing: Json) -> str:
    return str(thing["url"].removeprefix(f"{BASE_URL}/"))


def make_bridge(scene: Scene) -> None:
    """Make both paths claim Ada's reply."""
    scene.community.cast(scene.reply, technical=2, management=3)
