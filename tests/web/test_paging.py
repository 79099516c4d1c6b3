"""Pages in parts: every post, thread and reply can be reached, at a price that does not grow."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forum.accounts.identity import viewer_of
from forum.accounts.queries import member_by_username
from forum.core.db import db, writing
from forum.replies.commands import NewReply, add_reply
from forum.web.pages import POSTS_A_PAGE, THREADS_A_PAGE
from tests.community import Community, Json, Person
from tests.statements import recorded
from tests.web.page import read, said


def plant(
    community: Community,
    by: Person,
    thread: Json,
    number: int,
    below: int | None = None,
    path: str | None = None,
) -> list[int]:
    """The ids of so many new replies, in one transaction."""
    with community.app.app_context(), writing():
        session = db.session()
        author = viewer_of(member_by_username(session, by.username))
        data = NewReply("I would stay.", below, path)
        ids = [add_reply(session, author, thread["id"], data).id for _ in range(number)]
        session.commit()
    return ids


def conversation(community: Community) -> tuple[Json, set[int]]:
    """A thread with more replies at the top, beside each other and below each other than fit."""
    thread, member = community.thread(), community.member()
    top = plant(community, member, thread, 22)
    wide = plant(community, member, thread, 7, below=top[0])
    deep = top[1:2]
    for _ in range(6):
        deep += plant(community, member, thread, 1, below=deep[-1])
    return thread, {*top, *wide, *deep}


def replies_reached_from(client: FlaskClient, address: str) -> list[int]:
    """The replies that somebody meets who follows every link to more, without what is repeated."""
    reached: list[int] = []
    waiting, known = [address], {address}
    while waiting:
        page = read(client, waiting.pop())
        reached += [reply for reply in page.shown_replies if reply not in reached]
        waiting += [onward for onward in page.onward if onward not in known]
        known.update(waiting)
    return reached


@pytest.mark.parametrize("sort", ["best", "balanced"])
def test_every_reply_of_a_thread_can_be_reached(
    community: Community, client: FlaskClient, sort: str
) -> None:
    thread, replies = conversation(community)
    assert set(replies_reached_from(client, f"/threads/{thread['id']}?sort={sort}")) == replies


def test_every_reply_can_be_reached_from_the_post(
    community: Community, client: FlaskClient
) -> None:
    thread, replies = conversation(community)
    (way,) = read(client, f"/threads/{thread['id']}").all("nav", class_="trail")
    (post,) = way.iter("a")
    assert set(replies_reached_from(client, post.get("href", ""))) == replies


def test_more_replies_begin_where_the_page_before_ended(
    community: Community, client: FlaskClient
) -> None:
    thread, member = community.thread(), community.member()
    (top,) = plant(community, member, thread, 1)
    below = plant(community, member, thread, 8, below=top)
    first = read(client, f"/threads/{thread['id']}?sort=old")
    (onward,) = first.onward
    assert first.shown_replies == [top, *below[:5]]
    assert read(client, onward).shown_replies == [top, *below[5:]]


def test_the_replies_on_a_path_are_paged(community: Community, client: FlaskClient) -> None:
    thread, member = community.thread(), community.member()
    replies = set(plant(community, member, thread, 22, path="technical-path"))
    address = f"/threads/{thread['id']}?path=technical-path"
    assert set(replies_reached_from(client, address)) == replies


def test_the_replies_of_a_member_are_paged(community: Community, client: FlaskClient) -> None:
    thread, member = community.thread(), community.member()
    replies = plant(community, member, thread, 22)
    assert replies_reached_from(client, f"/users/{member.username}") == replies[::-1]


def test_every_thread_of_a_post_can_be_reached(community: Community, client: FlaskClient) -> None:
    post = community.post()
    member = community.member()
    threads = {community.thread(by=member, post=post)["id"] for _ in range(THREADS_A_PAGE + 2)}
    first = read(client, f"/posts/{post['slug']}")
    second = read(client, first.one("a", rel="next").get("href", ""))
    assert {*first.shown_threads, *second.shown_threads} == threads
    assert len(first.shown_threads) == THREADS_A_PAGE


def test_every_post_can_be_reached(community: Community, client: FlaskClient) -> None:
    titles = {community.post()["title"] for _ in range(POSTS_A_PAGE + 2)}
    first = read(client, "/")
    second = read(client, first.one("a", rel="next").get("href", ""))
    assert {said(title) for page in (first, second) for title in page.all("h2")} == titles


def test_a_later_page_leads_back_to_the_first(community: Community, client: FlaskClient) -> None:
    for _ in range(POSTS_A_PAGE + 1):
        community.post()
    second = read(client, read(client, "/").one("a", rel="next").get("href", ""))
    (back,) = second.one("nav", class_="turning").iter("a")
    assert (said(back), back.get("href")) == ("First page", "/?sort=new")


def test_every_link_within_the_forum_leads_somewhere(
    community: Community, client: FlaskClient
) -> None:
    post, member = community.post(), community.member()
    thread = community.thread(by=member, post=post)
    (reply,) = plant(community, member, thread, 1, path="technical-path")
    plant(community, member, thread, 6, below=reply)
    pages = addresses(post, thread, reply, member)
    links = {link for address in pages for link in read(client, address).links}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_no_page_takes_more_queries_for_much_than_for_little(
    app: Flask, community: Community, client: FlaskClient
) -> None:
    assert prices(app, community, client, 1) == prices(app, community, client, 4)


def prices(app: Flask, community: Community, client: FlaskClient, size: int) -> dict[str, int]:
    """How many statements each kind of page takes when there are `size` of everything on it."""
    member = community.member()
    post = [community.post() for _ in range(size)][-1]
    for thread in [community.thread(by=member, post=post) for _ in range(size)]:
        *_, reply = plant(community, member, thread, size)
        for below in plant(community, member, thread, size, below=reply):
            plant(community, member, thread, size, below=below)
    found = {}
    for address in addresses(post, thread, reply, member):
        with recorded(app) as statements:
            read(client, address)
        found[address.split("/")[1]] = len(statements)
    return found


def addresses(post: Json, thread: Json, reply: int, member: Person) -> list[str]:
    """One page of each kind."""
    return [
        "/",
        f"/posts/{post['slug']}",
        f"/threads/{thread['id']}",
        f"/replies/{reply}",
        f"/users/{member.username}",
    ]
