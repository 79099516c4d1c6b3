"""What people are told, once the worker has done its work."""

from typing import Any

from tests.community import Community, Json, Person
from tests.worker import work_off


def told(community: Community, person: Person, **query: Any) -> list[Json]:
    """What a member is told by now, newest first."""
    work_off(community.app)
    items: list[Json] = person.ok("GET", "/me/notifications", query_string=query)["items"]
    return items


def kinds(community: Community, person: Person) -> list[str]:
    """The kinds of what a member is told by now, newest first."""
    return [item["kind"] for item in told(community, person)]


def unread(community: Community, person: Person) -> int:
    """How much a member has not read by now."""
    work_off(community.app)
    number: int = person.ok("GET", "/me/notifications/count")["unread"]
    return number


def follow(person: Person, what: str, level: str = "all", mail: str = "never") -> None:
    """Choose what to be told of `/threads/7`, for example."""
    person.ok("PUT", f"{what}/subscription", {"level": level, "mail": mail})
