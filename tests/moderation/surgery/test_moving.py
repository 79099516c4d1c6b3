"""Moving, splitting and merging threads: what is where afterwards, and what is counted there."""

from collections.abc import Callable

from tests.community import Community, Person
from tests.moderation.surgery.acts import MANAGEMENT, TECHNICAL, merge, move, split, tree


def test_a_reply_becomes_the_opening_of_a_thread(community: Community, moderator: Person) -> None:
    author = community.member()
    reply = community.reply(author, to=community.reply(), body="Another question.")
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    opened = split(moderator, reply, title="On its own")
    assert opened["author"]["username"] == author.username
    assert (opened["title"], opened["body"]) == ("On its own", "Another question.")
    assert opened["created_at"] == reply["created_at"]
    assert opened["votes"] == {"up": 1, "down": 0, "score": 1}


def test_what_was_below_it_is_the_threads(community: Community, moderator: Person) -> None:
    above = community.reply(path=TECHNICAL)
    reply = community.reply(to=above, path=MANAGEMENT)
    first, beside = community.reply(to=reply, path=TECHNICAL), community.reply(to=above)
    second = community.reply(to=first)
    opened = split(moderator, reply)
    assert tree(community, opened) == [(first["id"], None, 0), (second["id"], first["id"], 1)]
    left = {"id": above["thread_id"]}
    assert tree(community, left) == [(above["id"], None, 0), (beside["id"], above["id"], 1)]


def test_who_answered_the_reply_answers_the_thread(community: Community, moderator: Person) -> None:
    reply = community.reply()
    answer = community.reply(to=reply)
    split(moderator, reply)
    assert community.passer_by.ok("GET", f"/replies/{answer['id']}")["reply_to_id"] is None


def test_a_thread_becomes_a_reply_in_another(community: Community, moderator: Person) -> None:
    author, target = community.member(), community.thread()
    thread = community.thread(author, body="The same question.")
    community.member().ok("PUT", f"/threads/{thread['id']}/vote", {"value": -1})
    reply = community.reply(thread=thread, path=TECHNICAL)
    below = community.reply(to=reply, path=TECHNICAL)
    merged = merge(moderator, thread, target)
    assert (merged["id"], merged["reply_count"]) == (target["id"], 3)
    (opening, *_), *rest = tree(community, target)
    assert rest == [(reply["id"], opening, 1), (below["id"], reply["id"], 2)]
    shown = community.passer_by.ok("GET", f"/replies/{opening}")
    assert shown["author"]["username"] == author.username
    assert (shown["body"], shown["created_at"]) == ("The same question.", thread["created_at"])
    assert shown["votes"] == {"up": 0, "down": 1, "score": -1}


def test_a_merged_thread_is_in_no_list(community: Community, moderator: Person) -> None:
    post = community.post()
    target, thread = community.thread(post=post), community.thread(post=post)
    community.reply(thread=thread)
    merge(moderator, thread, target)
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}/threads")["items"]
    assert [item["id"] for item in shown] == [target["id"]]


def test_a_thread_is_not_merged_into_itself(community: Community, moderator: Person) -> None:
    thread = community.thread()
    path = f"/moderation/threads/{thread['id']}/merge"
    assert moderator.post(path, {"into": thread["id"]}).json["code"] == "same-thread"


def test_a_thread_moves_below_another_post(community: Community, moderator: Person) -> None:
    post, thread = community.post(), community.thread()
    community.reply(to=community.reply(thread=thread, path=TECHNICAL), path=MANAGEMENT)
    moved = move(moderator, thread, post)
    assert (moved["post_id"], moved["reply_count"]) == (post["id"], 2)
    shown = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (shown["thread_count"], shown["reply_count"]) == (1, 2)


def test_what_is_hidden_moves_along(community: Community, moderator: Person) -> None:
    reply = community.reply()
    removed = community.reply(to=reply, path=TECHNICAL)
    below = community.reply(to=removed)
    lone = community.reply(to=reply)
    for hidden in (removed, lone):
        moderator.ok("DELETE", f"/replies/{hidden['id']}")
    opened = split(moderator, reply)
    assert tree(community, opened) == [(removed["id"], None, 0), (below["id"], removed["id"], 1)]


def test_a_tombstone_above_goes_with_its_last_reply(
    community: Community, moderator: Person
) -> None:
    above = community.reply()
    reply = community.reply(to=above)
    moderator.ok("DELETE", f"/replies/{above['id']}")
    split(moderator, reply)
    assert tree(community, {"id": above["thread_id"]}) == []


def test_what_would_nest_too_deep_stands_at_the_last_level(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_MAX_NESTING="3")
    target, first = community.thread(), community.reply()
    second = community.reply(to=first)
    third, fourth = community.reply(to=second), community.reply(to=second)
    merge(community.moderator(), {"id": first["thread_id"]}, target)
    (opening, *_), *rest = tree(community, target)
    assert sorted(rest) == [
        (first["id"], opening, 1),
        (second["id"], first["id"], 2),
        (third["id"], first["id"], 2),
        (fourth["id"], first["id"], 2),
    ]
