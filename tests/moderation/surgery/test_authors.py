"""Authors are told where moderators have put what they wrote, and why."""

from collections.abc import Callable

import pytest

from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.notifications.told import told
from tests.worker import work_off

WHY = {"reason": "It is another question."}


@pytest.fixture
def author(community: Community) -> Person:
    return community.member()


def move(community: Community, moderator: Person, author: Person) -> Json:
    """The post below which a thread of the author is by now."""
    thread, post = community.thread(author), community.post()
    body = {**WHY, "post": post["slug"]}
    moderator.ok("POST", f"/moderation/threads/{thread['id']}/move", body)
    return {"kind": "moved", "thread_id": thread["id"], "reply_id": None, "slug": post["slug"]}


def split(community: Community, moderator: Person, author: Person) -> Json:
    """The thread that a reply of the author is by now."""
    post = community.post()
    reply = community.reply(author, community.thread(post=post))
    opened = moderator.ok("POST", f"/moderation/replies/{reply['id']}/split", WHY)
    return {"kind": "split", "thread_id": opened["id"], "reply_id": None, "slug": post["slug"]}


def merge(community: Community, moderator: Person, author: Person) -> Json:
    """The reply that a thread of the author is by now."""
    thread, post = community.thread(author), community.post()
    into = community.thread(post=post)
    body = {**WHY, "into": into["id"]}
    moderator.ok("POST", f"/moderation/threads/{thread['id']}/merge", body)
    (reply,) = community.passer_by.ok("GET", f"/threads/{into['id']}/replies")["items"]
    found = {"thread_id": into["id"], "reply_id": reply["id"], "slug": post["slug"]}
    return {"kind": "merged", **found}


Act = Callable[[Community, Person, Person], Json]


@pytest.mark.parametrize("act", [move, split, merge])
def test_an_author_is_told_once_where_it_went_and_why(
    community: Community, moderator: Person, author: Person, act: Act
) -> None:
    where = act(community, moderator, author)
    (heard,) = told(community, author)
    shown = {name: heard[name] for name in ("kind", "thread_id", "reply_id")}
    assert {**shown, "slug": heard["post"]["slug"]} == where
    assert heard["detail"] == WHY["reason"]
    assert heard["actor"] is None


@on_one_database
def test_moderators_are_not_told_of_their_own_acts(community: Community, moderator: Person) -> None:
    for act in (move, split, merge):
        act(community, moderator, moderator)
    assert told(community, moderator) == []


@on_one_database
def test_a_mail_tells_where_it_went(
    community: Community, moderator: Person, mailbox: Mailbox
) -> None:
    author = community.member()
    thread, post = community.thread(author, title="And pay?"), community.post(title="Ladders")
    author.ok("PUT", "/community/subscription", {"level": "participating", "mail": "now"})
    body = {**WHY, "post": post["slug"]}
    moderator.ok("POST", f"/moderation/threads/{thread['id']}/move", body)
    work_off(community.app)
    text = " ".join(mailbox.only().part("plain").split())
    assert "moved your thread, which is now in “And pay?” below “Ladders”." in text
    assert WHY["reason"] in text
