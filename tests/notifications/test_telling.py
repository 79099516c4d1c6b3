"""Who is told of what."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import Model, writing
from forum.core.outbox import RecordedEvent
from forum.notifications.models import Mute, Notification, Subscriber, Subscription
from tests.community import PASSWORD, Community
from tests.notifications.told import follow, kinds, told, unread
from tests.worker import work_off

TECHNICAL = "technical-path"


def test_an_author_is_told_of_an_answer(community: Community) -> None:
    ada, ben = community.member("ada-berg"), community.member("ben-cole")
    post = community.post(title="Lead or code?")
    thread = community.thread(post=post, title="My offer")
    answered = community.reply(ada, thread)
    answer = community.reply(ben, to=answered)
    (item,) = told(community, ada)
    assert item["kind"] == "reply"
    assert item["actor"]["username"] == "ben-cole"
    assert item["post"] == {"slug": post["slug"], "title": "Lead or code?"}
    assert (item["thread_id"], item["thread_title"]) == (thread["id"], "My offer")
    assert item["reply_id"] == answer["id"]
    assert item["url"] == answer["url"]
    assert item["read"] is False


def test_who_opened_a_thread_is_told_of_its_replies(community: Community) -> None:
    opener = community.member()
    thread = community.thread(opener)
    community.reply(thread=thread)
    assert kinds(community, opener) == ["reply"]


def test_who_wrote_above_is_told_of_what_is_said_further_down(community: Community) -> None:
    ada = community.member()
    answer = community.reply(to=community.reply(ada))
    community.reply(to=answer)
    assert kinds(community, ada) == ["followed", "reply"]


def test_who_wrote_beside_it_is_told_nothing(community: Community) -> None:
    ada, thread = community.member(), community.thread()
    community.reply(ada, thread)
    community.reply(to=community.reply(thread=thread))
    assert told(community, ada) == []


def test_nobody_is_told_of_their_own_words(community: Community) -> None:
    ada = community.member("ada-berg")
    follow(ada, "/community")
    thread = community.thread(ada, body="So says @ada-berg.")
    community.reply(ada, to=community.reply(ada, thread))
    assert told(community, ada) == []


def test_an_event_that_is_told_again_tells_nobody_twice(
    community: Community, session: Session
) -> None:
    ada = community.member()
    community.reply(to=community.reply(ada))
    assert unread(community, ada) == 1
    with writing():
        session.execute(update(RecordedEvent).values(due_at=RecordedEvent.happened_at))
        session.commit()
    assert unread(community, ada) == 1


@pytest.mark.parametrize("what", ["/threads/{thread}", "/posts/{post}", "/community"])
def test_a_follower_is_told_of_replies(community: Community, what: str) -> None:
    fan, post = community.member(), community.post()
    thread = community.thread(post=post)
    work_off(community.app)
    follow(fan, what.format(thread=thread["id"], post=post["slug"]))
    reply = community.reply(thread=thread)
    assert [item["reply_id"] for item in told(community, fan)] == [reply["id"]]


def test_a_follower_of_a_post_is_told_of_its_new_threads(community: Community) -> None:
    fan, post = community.member(), community.post()
    follow(fan, f"/posts/{post['slug']}")
    thread = community.thread(post=post)
    community.thread()
    (item,) = told(community, fan)
    assert (item["kind"], item["thread_id"], item["reply_id"]) == ("followed", thread["id"], None)
    assert item["url"] == thread["url"]


def test_a_follower_of_a_path_is_told_of_replies_on_it(community: Community) -> None:
    fan = community.member()
    follow(fan, f"/paths/{TECHNICAL}")
    reply = community.reply(path=TECHNICAL)
    community.reply(path="management-path")
    community.reply()
    assert [item["reply_id"] for item in told(community, fan)] == [reply["id"]]


def test_a_follower_of_a_path_is_told_of_a_reply_that_comes_onto_it(community: Community) -> None:
    fan, reply = community.member(), community.reply()
    follow(fan, f"/paths/{TECHNICAL}")
    assert told(community, fan) == []
    community.cast(reply, technical=3)
    assert [item["reply_id"] for item in told(community, fan)] == [reply["id"]]


def test_a_reply_that_comes_back_onto_a_path_is_told_once(community: Community) -> None:
    fan, author = community.member(), community.member()
    follow(fan, f"/paths/{TECHNICAL}")
    reply = community.reply(author, path=TECHNICAL)
    for path in (None, TECHNICAL):
        author.ok("PUT", f"/replies/{reply['id']}/path", {"path": path})
    assert unread(community, fan) == 1


def test_who_follows_in_many_ways_is_told_once(community: Community) -> None:
    fan, post = community.member("fan-of-all"), community.post()
    thread = community.thread(fan, post)
    for what in (f"/threads/{thread['id']}", f"/posts/{post['slug']}", f"/paths/{TECHNICAL}"):
        follow(fan, what)
    follow(fan, "/community")
    community.reply(thread=thread, path=TECHNICAL, body="Ask @fan-of-all.")
    assert [item["kind"] for item in told(community, fan)] == ["reply"]


def test_the_nearest_place_decides(community: Community) -> None:
    fan, post = community.member(), community.post()
    quiet, loud = community.thread(post=post), community.thread(post=post)
    follow(fan, "/community", level="none")
    work_off(community.app)
    follow(fan, f"/posts/{post['slug']}")
    follow(fan, f"/threads/{quiet['id']}", level="participating")
    community.reply(thread=quiet)
    heard = community.reply(thread=loud)
    community.reply()
    assert [item["reply_id"] for item in told(community, fan)] == [heard["id"]]


@pytest.mark.parametrize("what", ["/threads/{thread}", "/posts/{post}", "/paths/technical-path"])
def test_what_is_muted_is_not_told_even_to_whom_it_answers(community: Community, what: str) -> None:
    ada, post = community.member("ada-berg"), community.post()
    thread = community.thread(ada, post)
    follow(ada, what.format(thread=thread["id"], post=post["slug"]), level="none")
    community.reply(thread=thread, path=TECHNICAL, body="Well, @ada-berg?")
    assert told(community, ada) == []


def test_a_muted_path_is_not_told_of_a_followed_thread(community: Community) -> None:
    fan, thread = community.member(), community.thread()
    follow(fan, f"/threads/{thread['id']}")
    follow(fan, f"/paths/{TECHNICAL}", level="none")
    heard = community.reply(thread=thread)
    community.reply(thread=thread, path=TECHNICAL)
    assert heard["id"] in [item["reply_id"] for item in told(community, fan)]
    assert unread(community, fan) == 2


def test_nobody_hears_whom_they_muted(community: Community) -> None:
    ada, ben = community.member(), community.member("ben-cole")
    reply = community.reply(ada)
    ada.ok("PUT", "/me/mutes/ben-cole")
    community.reply(ben, to=reply)
    assert told(community, ada) == []
    ada.ok("DELETE", "/me/mutes/ben-cole")
    assert told(community, ada) == []


def test_what_was_told_before_is_not_heard_of_who_is_muted_now(community: Community) -> None:
    ada, ben = community.member(), community.member("ben-cole")
    community.reply(ben, to=community.reply(ada))
    assert unread(community, ada) == 1
    ada.ok("PUT", "/me/mutes/ben-cole")
    assert told(community, ada) == []
    assert unread(community, ada) == 0


def test_an_author_is_told_that_the_community_changed_the_path(community: Community) -> None:
    ada = community.member()
    reply = community.reply(ada, path=TECHNICAL)
    community.cast(reply, management=3)
    (item,) = told(community, ada)
    assert (item["kind"], item["detail"]) == ("path", "management-path")
    assert (item["reply_id"], item["actor"]) == (reply["id"], None)


def test_an_author_is_told_nothing_of_a_path_they_declare(community: Community) -> None:
    ada = community.member()
    reply = community.reply(ada)
    ada.ok("PUT", f"/replies/{reply['id']}/path", {"path": TECHNICAL})
    assert told(community, ada) == []


@pytest.mark.parametrize("kind", ["threads", "replies"])
def test_an_author_is_told_why_a_text_was_removed(community: Community, kind: str) -> None:
    ada = community.member()
    made = community.thread(ada) if kind == "threads" else community.reply(ada)
    why = {"reason": "Against rule 3."}
    community.moderator().ok("DELETE", f"/{kind}/{made['id']}", query_string=why)
    (item,) = told(community, ada)
    assert (item["kind"], item["detail"]) == ("removed", "Against rule 3.")
    assert item["actor"] is None
    assert unread(community, ada) == 1


def test_an_erased_member_is_told_of_as_deleted(community: Community) -> None:
    ada, ben = community.member(), community.member(password=PASSWORD)
    community.reply(ben, to=community.reply(ada))
    ben.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    (item,) = told(community, ada)
    assert item["actor"]["username"] == "deleted-member"


def test_erasure_destroys_what_was_chosen_and_told(community: Community, session: Session) -> None:
    ada, ben = community.member(password=PASSWORD), community.member()
    ada.ok("PUT", f"/me/mutes/{ben.username}")
    ben.ok("PUT", f"/me/mutes/{ada.username}")
    follow(ada, "/community")
    answer = community.reply(to=community.reply(ada))
    assert told(community, ada) != []
    ada.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    community.reply(to=answer)
    work_off(community.app)
    assert rows(session, Subscription) == rows(session, Mute) == 0
    mine = select(func.count()).join(Subscriber).join(Member).where(Member.erased_at.is_not(None))
    assert session.scalar(mine.select_from(Notification)) == 0


def rows(session: Session, table: type[Model]) -> int | None:
    return session.scalar(select(func.count()).select_from(table))
