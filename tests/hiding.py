"""Every way in which a thread or reply is hidden, to be tried in turn."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from forum.core import clock, outbox
from forum.core.db import db, writing
from forum.replies import commands as replies
from forum.threads import commands as threads
from forum.threads.events import ThreadEvent
from tests.community import Community, Json, Person

REASON = "The quokka rule."

CALLS: dict[str, list[tuple[str, str, Json | None]]] = {
    "threads": [
        ("GET", "", None),
        ("GET", "/replies", None),
        ("POST", "/replies", {"body": "Hello?"}),
        ("PATCH", "", {"body": "Back."}),
        ("DELETE", "", None),
        ("PUT", "/vote", {"value": 1}),
        ("DELETE", "/vote", None),
        ("PUT", "/lock", {"reason": "Late."}),
        ("DELETE", "/lock", None),
        ("PUT", "/pin", None),
        ("DELETE", "/pin", None),
        ("GET", "/subscription", None),
        ("PUT", "/subscription", {"level": "all"}),
        ("DELETE", "/subscription", None),
        ("POST", "/reports", {"reason": "spam"}),
    ],
    "replies": [
        ("GET", "", None),
        ("GET", "/replies", None),
        ("GET", "/context", None),
        ("GET", "/revisions", None),
        ("GET", "/path", None),
        ("PATCH", "", {"body": "Back."}),
        ("DELETE", "", None),
        ("PUT", "/path", {"path": None}),
        ("PUT", "/vote", {"value": 1}),
        ("DELETE", "/vote", None),
        ("PUT", "/ballot", {"path": "neither"}),
        ("DELETE", "/ballot", None),
        ("PUT", "/pin", {"path": None, "reason": "Late."}),
        ("DELETE", "/pin", None),
        ("POST", "/reports", {"reason": "spam"}),
    ],
}
"""What can be asked of each kind: method, what follows its address, and a body."""


Hide = Callable[[Community, Person, Json, str], None]
"""Hides what its author wrote below a post, by its address, such as `/replies/7`."""


def by_its_author(community: Community, author: Person, post: Json, address: str) -> None:
    """Deleted."""
    author.ok("DELETE", address)


def by_a_moderator(community: Community, author: Person, post: Json, address: str) -> None:
    """Removed, for a reason."""
    community.admin.ok("DELETE", address, query_string={"reason": REASON})


def by_reports(community: Community, author: Person, post: Json, address: str) -> None:
    """Held, because enough readers have reported it."""
    for reporter in community.members(5):
        body = {"reason": "other", "note": REASON}
        reporter.ok("POST", f"{address}/reports", body)


def by_its_words(community: Community, author: Person, post: Json, address: str) -> None:
    """Held, because of what its author has made of it."""
    rule = {"kind": "word", "action": "hold", "value": "numbat"}
    community.admin.ok("POST", "/moderation/rules", rule)
    edited = author.ok("PATCH", address, {"body": "A numbat is no quokka."})
    assert edited["state"] == "held"


def with_its_post(community: Community, author: Person, post: Json, address: str) -> None:
    """Removed with all that is said below a post."""
    community.admin.delete(f"/posts/{post['slug']}")


def by_a_fact(fact: str, community: Community, author: Person, post: Json, address: str) -> None:
    """Purged, which no route does."""
    end_visibility(community, address, fact)


def end_visibility(community: Community, address: str, fact: str) -> None:
    """Record such a fact as `held_at`, by the command that a route is to call for it."""
    _, kind, number = address.split("/")
    facts: dict[str, Any] = {fact: clock.now()}
    with community.app.app_context(), writing():
        if kind == "threads":
            thread = threads.lock_row(db.session(), int(number))
            threads.hide(db.session(), thread, **facts)
            outbox.record(db.session(), ThreadEvent(*thread.place))
        else:
            reply = replies.lock_with_thread(db.session(), int(number))
            replies.change_facts(db.session(), reply, **facts)
            outbox.record(db.session(), ThreadEvent(reply.post_id, reply.thread_id))
        db.session.commit()


every_way_to_hide = pytest.mark.parametrize(
    "hide",
    [
        pytest.param(by_its_author, id="deleted"),
        pytest.param(by_a_moderator, id="removed"),
        pytest.param(by_reports, id="hidden by reports"),
        pytest.param(by_its_words, id="held"),
        pytest.param(partial(by_a_fact, "purged_at"), id="purged"),
        pytest.param(with_its_post, id="post deleted"),
    ],
)
