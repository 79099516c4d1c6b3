"""What moderators do to threads, and how threads look afterwards."""

from typing import Any

from tests.community import Community, Json, Person

TECHNICAL, MANAGEMENT = "technical-path", "management-path"


def split(moderator: Person, reply: Json, **more: str) -> Json:
    """The thread that a reply becomes the opening of."""
    made: Json = moderator.ok("POST", f"/moderation/replies/{reply['id']}/split", more)
    return made


def merge(moderator: Person, thread: Json, into: Json) -> Json:
    """The other thread, once it has the first."""
    path = f"/moderation/threads/{thread['id']}/merge"
    merged: Json = moderator.ok("POST", path, {"into": into["id"]})
    return merged


def move(moderator: Person, thread: Json, post: Json) -> Json:
    """The thread, once it is below the post."""
    path = f"/moderation/threads/{thread['id']}/move"
    moved: Json = moderator.ok("POST", path, {"post": post["slug"]})
    return moved


def last_group(moderator: Person) -> int:
    """What the audit log calls what was done last."""
    group: int = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    return group


def undo(moderator: Person) -> Any:
    """The answer to undoing what was done last."""
    return moderator.post(f"/moderation/log/{last_group(moderator)}/undo", {})


def tree(community: Community, thread: Json) -> list[tuple[int, int | None, int]]:
    """The id, parent and depth of every reply, in reading order."""
    path = f"/threads/{thread['id']}/replies?sort=old&limit=50&children=20&depth=10"
    items = community.passer_by.ok("GET", path)["items"]
    return [(item["id"], item["parent_id"], item["depth"]) for item in items]
