"""What the pages show."""

import pytest
from flask.testing import FlaskClient

from tests.community import Community
from tests.hiding import end_visibility
from tests.web.page import read, said

TECHNICAL = "technical-path"
MANAGEMENT = "management-path"


def test_an_empty_forum_says_that_there_are_no_posts(client: FlaskClient) -> None:
    assert "There are no posts yet." in read(client, "/").text


def test_the_front_page_lists_posts_with_author_summary_and_counts(
    community: Community, client: FlaskClient
) -> None:
    post = community.post(title="Lead or code?", author_name="Ada Berg", summary="Both hurt.")
    community.reply(thread=community.thread(post=post))
    item = said(read(client, "/").one("article", class_="post"))
    for part in ("Lead or code?", "Ada Berg", "Both hurt.", "1 thread", "1 reply"):
        assert part in item


def test_the_front_page_shows_the_newest_post_first(
    community: Community, client: FlaskClient
) -> None:
    for title in ("First", "Second"):
        community.post(title=title)
    assert [said(title) for title in read(client, "/").all("h2")] == ["Second", "First"]


def test_the_front_page_can_show_where_something_happened_last(
    community: Community, client: FlaskClient
) -> None:
    quiet = community.post(title="Discussed")
    community.post(title="Silent")
    community.thread(post=quiet)
    titles = [said(title) for title in read(client, "/?sort=active").all("h2")]
    assert titles == ["Discussed", "Silent"]


def test_a_post_shows_its_threads_with_their_replies(
    community: Community, client: FlaskClient
) -> None:
    post = community.post(title="Lead or code?")
    thread = community.thread(post=post, title="My offer", body="Two offers, one week.")
    answer = community.reply(thread=thread, body="Take the team.")
    community.reply(to=answer, body="Never the team.")
    page = read(client, f"/posts/{post['slug']}")
    shown = said(page.one("article", class_="thread"))
    for part in ("My offer", "Two offers, one week.", "Take the team.", "Never the team."):
        assert part in shown


def test_an_answer_stands_inside_the_list_below_what_it_answers(
    community: Community, client: FlaskClient
) -> None:
    answer = community.reply()
    below = community.reply(to=answer)
    page = read(client, f"/threads/{answer['thread_id']}")
    items = [item for item in page.all("li") if page.reply(answer["id"]) in list(item)]
    (inner,) = items[0].findall("ol")
    assert page.reply(below["id"]) in list(inner.iter("article"))


def test_a_thread_without_a_title_is_called_by_its_author(
    community: Community, client: FlaskClient
) -> None:
    ada = community.member("ada-berg")
    thread = community.thread(by=ada)
    assert said(read(client, f"/threads/{thread['id']}").one("h1")) == "Thread by ada-berg"


def test_marks_tell_pinned_and_locked_threads(community: Community, client: FlaskClient) -> None:
    thread = community.thread()
    moderator = community.moderator()
    moderator.ok("PUT", f"/threads/{thread['id']}/pin")
    moderator.ok("PUT", f"/threads/{thread['id']}/lock", {"reason": "Enough said."})
    page = read(client, f"/threads/{thread['id']}")
    assert [said(mark) for mark in page.all("span", class_="mark")] == [
        "Pinned",
        "Locked: no more replies",
    ]


def test_votes_are_shown(community: Community, client: FlaskClient) -> None:
    reply = community.reply()
    for value in (1, 1, -1):
        community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": value})
    shown = read(client, f"/replies/{reply['id']}").reply(reply["id"])
    assert "▲ 2 up, ▼ 1 down" in said(shown)


def test_an_edited_reply_says_so(community: Community, client: FlaskClient) -> None:
    author = community.member()
    reply = community.reply(by=author)
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "I would go."})
    assert "edited" in said(read(client, f"/replies/{reply['id']}").reply(reply["id"]))


@pytest.mark.parametrize(
    ("declared", "ballots", "badges", "words"),
    [
        (TECHNICAL, {}, ["Technical path"], "declared by its author"),
        (None, {"management": 3}, ["Management path"], "by ballot"),
        (None, {"neither": 3}, [], "on neither path, by ballot"),
        (None, {"technical": 2, "neither": 2}, ["Contested"], "ballots: 2 technical"),
        (
            TECHNICAL,
            {"management": 3, "technical": 2},
            ["Technical path", "Bridge: both paths claim it"],
            "ballots: 2 technical, 3 management, 0 neither",
        ),
    ],
)
def test_badges_tell_the_path_and_where_it_comes_from(
    community: Community,
    client: FlaskClient,
    declared: str | None,
    ballots: dict[str, int],
    badges: list[str],
    words: str,
) -> None:
    reply = community.reply(path=declared)
    community.cast(reply, **ballots)
    page = read(client, f"/replies/{reply['id']}")
    assert [said(badge) for badge in page.all("span", class_="badge")] == badges
    assert words in said(page.reply(reply["id"]))


def test_a_pinned_path_shows_the_moderators_reason(
    community: Community, client: FlaskClient
) -> None:
    reply = community.reply(path=TECHNICAL)
    pin = {"path": MANAGEMENT, "reason": "It is about leading."}
    community.moderator().ok("PUT", f"/replies/{reply['id']}/pin", pin)
    shown = said(read(client, f"/replies/{reply['id']}").reply(reply["id"]))
    assert "Management path pinned by a moderator: It is about leading." in shown


def test_a_thread_tells_how_many_stand_on_each_path(
    community: Community, client: FlaskClient
) -> None:
    thread = community.thread()
    for path in (TECHNICAL, TECHNICAL, TECHNICAL, MANAGEMENT):
        community.reply(thread=thread, path=path)
    voices = said(read(client, f"/threads/{thread['id']}").one("div", class_="balance"))
    assert voices == "Voices: 3 technical, 1 management · balance 50%"


def test_a_thread_that_hears_one_path_only_says_which_is_missing(
    community: Community, client: FlaskClient
) -> None:
    thread = community.thread()
    for _ in range(6):
        community.reply(thread=thread, path=TECHNICAL)
    assert "the management path is missing here" in read(client, f"/threads/{thread['id']}").text


def test_a_thread_can_be_narrowed_to_a_path(community: Community, client: FlaskClient) -> None:
    thread = community.thread()
    technical = community.reply(thread=thread, path=TECHNICAL)
    community.reply(thread=thread, path=MANAGEMENT)
    assert read(client, f"/threads/{thread['id']}?path={TECHNICAL}").shown_replies == [
        technical["id"]
    ]


def test_balanced_shows_the_paths_in_turn(community: Community, client: FlaskClient) -> None:
    thread = community.thread()
    first, second = (community.reply(thread=thread, path=TECHNICAL)["id"] for _ in range(2))
    other = community.reply(thread=thread, path=MANAGEMENT)["id"]
    shown = read(client, f"/threads/{thread['id']}?sort=balanced").shown_replies
    assert shown == [second, other, first]


def test_the_page_of_a_reply_shows_what_it_answers_and_what_answers_it(
    community: Community, client: FlaskClient
) -> None:
    top = community.reply()
    community.reply(thread={"id": top["thread_id"]})
    middle = community.reply(to=top)
    bottom = community.reply(to=middle)
    assert read(client, f"/replies/{middle['id']}").shown_replies == [
        top["id"],
        middle["id"],
        bottom["id"],
    ]


def test_a_deleted_reply_leaves_a_tombstone_above_its_answers(
    community: Community, client: FlaskClient
) -> None:
    author = community.member("gone-soon")
    reply = community.reply(by=author, body="I take this back.")
    community.reply(to=reply)
    author.delete(f"/replies/{reply['id']}")
    page = read(client, f"/threads/{reply['thread_id']}")
    assert said(page.reply(reply["id"])) == "This reply was deleted."


def test_a_removed_reply_leaves_a_tombstone_above_its_answers(
    community: Community, client: FlaskClient
) -> None:
    reply = community.reply(path=TECHNICAL)
    community.reply(to=reply)
    community.moderator().delete(f"/replies/{reply['id']}")
    page = read(client, f"/threads/{reply['thread_id']}")
    assert said(page.reply(reply["id"])) == "This reply was removed by a moderator."


def test_a_held_reply_leaves_a_tombstone_above_its_answers(
    community: Community, client: FlaskClient
) -> None:
    reply = community.reply()
    community.reply(to=reply)
    end_visibility(community, f"/replies/{reply['id']}", "held_at")
    page = read(client, f"/threads/{reply['thread_id']}")
    assert said(page.reply(reply["id"])) == "This reply is waiting for review."


def test_a_removed_thread_leaves_a_tombstone_above_its_replies(
    community: Community, client: FlaskClient
) -> None:
    thread = community.thread(title="An unkind title", body="Unkind words.")
    community.reply(thread=thread)
    community.moderator().delete(f"/threads/{thread['id']}")
    page = read(client, f"/threads/{thread['id']}")
    assert said(page.one("h1")) == "Removed thread"
    assert "This thread was removed by a moderator." in page.text


def test_a_profile_shows_standing_and_the_latest_replies(
    community: Community, client: FlaskClient
) -> None:
    ada = community.member("ada-berg")
    thread = community.thread(title="My offer")
    older = community.reply(by=ada, thread=thread, path=TECHNICAL)
    newer = community.reply(by=ada, thread=thread)
    community.member().ok("PUT", f"/replies/{older['id']}/vote", {"value": 1})
    page = read(client, "/users/ada-berg")
    assert page.shown_replies == [newer["id"], older["id"]]
    assert [said(figure) for figure in page.all("dd")] == ["1", "0"]
    assert [said(heading) for heading in page.all("h3")] == ["My offer", "My offer"]


def test_words_of_an_erased_member_stay_without_a_name(
    community: Community, client: FlaskClient
) -> None:
    ada = community.member("ada-berg", password="three quiet harbour lights")
    reply = community.reply(by=ada, body="I was here.")
    body = {"password": "three quiet harbour lights", "content": "keep"}
    ada.ok("POST", "/me/erasure", body)
    shown = read(client, f"/replies/{reply['id']}").reply(reply["id"])
    assert "I was here." in said(shown)
    assert "deleted member" in said(shown)
    assert "ada-berg" not in said(shown)
