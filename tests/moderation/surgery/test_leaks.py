"""What is hidden stays so where it is moved to."""

import pytest
from sqlalchemy import select

from forum.core.db import db, table_of
from forum.replies.models import Reply
from forum.threads.models import Thread
from tests.community import API, PASSWORD, Community, Json, Person
from tests.hiding import Hide, by_a_moderator, by_its_author
from tests.moderation.surgery.acts import merge, move, split
from tests.worker import work_off

MARKER = "quokka"


def addresses(post: Json, threads: list[Json], replies: list[Json]) -> list[str]:
    """Where something could be told of a post, its threads, and replies in them."""
    below = ("", "/replies", "/context", "/revisions", "/path")
    found = [f"{API}/posts/{post['slug']}/threads", f"/posts/{post['slug']}", "/feeds/replies.json"]
    found.append(f"/feeds/posts/{post['slug']}.json")
    for thread in threads:
        number = thread["id"]
        found += [f"{API}/threads/{number}", f"{API}/threads/{number}/replies?depth=10"]
        found += [f"/threads/{number}", f"/feeds/threads/{number}.json"]
    for reply in replies:
        number = reply["id"]
        found += [f"{API}/replies/{number}{each}" for each in below]
        found += [f"/replies/{number}", f"/feeds/replies/{number}.json"]
    return found


@pytest.mark.parametrize("hide", [by_its_author, by_a_moderator])
def test_hidden_replies_are_told_nowhere_after_they_were_moved(
    community: Community, moderator: Person, hide: Hide
) -> None:
    author, post = community.member(), community.post()
    reply, target = community.reply(), community.thread(post=post)
    answered, lone = (community.reply(author, to=reply, body=f"A {MARKER}.") for _ in range(2))
    community.reply(to=answered)
    for hidden in (answered, lone):
        author.ok("PATCH", f"/replies/{hidden['id']}", {"body": f"Another {MARKER}."})
        hide(community, author, post, f"/replies/{hidden['id']}")
    opened = split(moderator, reply)
    move(moderator, opened, post)
    merge(moderator, opened, target)
    work_off(community.app)
    asked = addresses(post, [target], [reply, answered, lone])
    for reader in (community.passer_by, author, community.member()):
        headers = {"Authorization": f"Bearer {reader.token}"} if reader.token else {}
        for address in asked:
            answer = community.client.get(address, headers=headers)
            assert MARKER not in answer.get_data(as_text=True), address


@pytest.mark.parametrize("hide", [by_its_author, by_a_moderator])
def test_what_was_moved_and_hidden_looks_like_none(
    community: Community, moderator: Person, hide: Hide
) -> None:
    author, post = community.member(), community.post()
    reply = community.reply()
    lone = community.reply(author, to=reply)
    split(moderator, reply)
    hide(community, author, post, f"/replies/{lone['id']}")
    body = {"body": "Hello?", "parent_id": lone["id"]}
    address = f"/threads/{reply['thread_id']}/replies"
    hidden = community.member().post(address, body)
    missing = community.member().post(address, {**body, "parent_id": 10**9})
    told = [{**answer.json, "request_id": None} for answer in (hidden, missing)]
    assert told[0] == told[1]
    assert community.passer_by.get(f"/replies/{lone['id']}").status_code == 404


def test_the_words_of_an_erased_member_are_destroyed_in_either_form(
    community: Community, moderator: Person
) -> None:
    leaver = community.member(password=PASSWORD)
    body = f"A {MARKER}."
    split(moderator, community.reply(leaver, to=community.reply(), body=body))
    merge(moderator, community.thread(leaver, title=MARKER, body=body), community.thread())
    leaver.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "remove"})
    work_off(community.app)
    with community.app.app_context():
        for table in (Reply, Thread):
            rows = db.session.execute(select(*table_of(table).c)).all()
            assert [row for row in rows if MARKER in str(row)] == []
