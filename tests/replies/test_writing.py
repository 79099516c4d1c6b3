"""Writing and changing replies."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.statements import recorded

MANAGEMENT = "management-path"


@pytest.fixture
def reply(community: Community, author: Person) -> Json:
    return community.reply(author, body="I would *stay*.")


def test_a_member_answers_a_thread(community: Community) -> None:
    thread, noor = community.thread(), community.member("noor")
    body = {"body": "I would *stay*.", "path": "technical-path"}
    answer = noor.post(f"/threads/{thread['id']}/replies", body)
    reply = answer.json
    del reply["created_at"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/replies/{reply['id']}"
    assert reply == {
        "id": reply["id"],
        "thread_id": thread["id"],
        "parent_id": None,
        "reply_to_id": None,
        "depth": 0,
        "locked": False,
        "author": {"username": "noor", "display_name": "noor", "role": "member"},
        "body": "I would *stay*.",
        "body_html": "<p>I would <em>stay</em>.</p>\n",
        "path": {
            "path": "technical-path",
            "source": "author",
            "ballots": {"technical-path": 0, "management-path": 0, "neither": 0},
            "declared": "technical-path",
            "contested": False,
            "bridge": False,
            "pin": None,
        },
        "votes": {"up": 0, "down": 0, "score": 0},
        "state": "visible",
        "reply_count": 0,
        "edited_at": None,
        "url": f"http://127.0.0.1:8000/replies/{reply['id']}",
        "my_vote": None,
        "my_ballot": None,
    }


def test_the_location_shows_what_the_answer_showed(community: Community, author: Person) -> None:
    url = f"/threads/{community.thread()['id']}/replies"
    answer = author.post(url, {"body": "Here."})
    assert (answer.status_code, author.ok("GET", answer.headers["Location"])) == (201, answer.json)


def test_a_reply_may_declare_its_path(community: Community) -> None:
    assert community.reply(path=MANAGEMENT)["path"]["path"] == MANAGEMENT


def test_a_thread_and_its_post_count_their_replies(community: Community) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(2)]
    community.reply(to=community.reply(thread=threads[0]))
    counts = [
        community.passer_by.ok("GET", f"/threads/{thread['id']}")["reply_count"]
        for thread in threads
    ]
    found = community.passer_by.ok("GET", f"/posts/{post['slug']}")
    assert (counts, found["thread_count"], found["reply_count"]) == ([2, 0], 2, 2)


def test_a_thread_tells_when_it_was_last_replied_to(
    community: Community, let_pass: LetPass
) -> None:
    thread = community.thread()
    let_pass(hours=1)
    reply = community.reply(thread=thread)
    found = community.passer_by.ok("GET", f"/threads/{thread['id']}")
    assert found["last_reply_at"] == reply["created_at"]


def test_a_thread_whose_last_reply_is_deleted_tells_of_the_one_before(
    community: Community, author: Person, let_pass: LetPass
) -> None:
    thread = community.thread()
    first = community.reply(thread=thread)
    let_pass(hours=1)
    last = community.reply(author, thread)
    author.ok("DELETE", f"/replies/{last['id']}")
    found = community.passer_by.ok("GET", f"/threads/{thread['id']}")
    assert found["last_reply_at"] == first["created_at"]


def test_passers_by_must_sign_in_to_reply(community: Community) -> None:
    url = f"/threads/{community.thread()['id']}/replies"
    answer = community.passer_by.post(url, {"body": "Me?"})
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")


def test_there_must_be_a_thread(author: Person) -> None:
    assert author.post("/threads/987654321/replies", {"body": "Where?"}).status_code == 404


@on_one_database
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("body", None),
        ("body", " \n"),
        ("body", "\u200b\u3164"),
        ("body", "a\x07b"),
        ("body", "x" * 10_001),
        ("body", 7),
        ("parent_id", "1"),
        ("parent_id", 0),
        ("path", "neither"),
        ("path", "technical"),
        ("path", 1),
        ("author", "noor"),
    ],
)
def test_what_does_not_fit_is_pointed_at(
    community: Community, author: Person, member: str, value: object
) -> None:
    url = f"/threads/{community.thread()['id']}/replies"
    answer = author.post(url, {"body": "Fine.", member: value})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{member}"]


@on_one_database
def test_the_longest_body_is_a_setting(make_community: Callable[..., Community]) -> None:
    community = make_community(FORUM_MAX_BODY_LENGTH="20")
    address = f"/threads/{community.thread(body='Stay?')['id']}/replies"
    statuses = [
        community.member().post(address, {"body": "a" * length}).status_code for length in (20, 21)
    ]
    assert statuses == [201, 422]


def test_authors_change_what_they_wrote(author: Person, reply: Json) -> None:
    edited = author.ok("PATCH", f"/replies/{reply['id']}", {"body": "I would **go**."})
    assert edited["body"] == "I would **go**."
    assert edited["body_html"] == "<p>I would <strong>go</strong>.</p>\n"
    assert edited["edited_at"].endswith("Z")


def test_a_change_to_the_same_is_no_edit(author: Person, reply: Json) -> None:
    address = f"/replies/{reply['id']}"
    assert author.ok("PATCH", address, {"body": reply["body"]}) == reply
    assert author.ok("GET", f"{address}/revisions")["items"] == []


def test_moderators_change_what_others_wrote(community: Community, reply: Json) -> None:
    body = {"body": "Edited for politeness."}
    edited = community.moderator().ok("PATCH", f"/replies/{reply['id']}", body)
    assert (edited["body"], edited["author"]) == (body["body"], reply["author"])


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"body": "Mine now."}), ("DELETE", None)])
def test_others_neither_change_nor_delete(
    community: Community, reply: Json, method: str, body: Json | None
) -> None:
    others = (community.member(), community.passer_by)
    answers = [who.call(method, f"/replies/{reply['id']}", json=body) for who in others]
    refused = [(answer.status_code, answer.json["code"]) for answer in answers]
    assert refused == [(403, "forbidden"), (401, "unauthorized")]


def test_a_reply_is_not_changed_over_a_newer_one(author: Person, reply: Json) -> None:
    url = f"/replies/{reply['id']}"
    seen = author.get(url).headers["ETag"]
    newer = author.ok("PATCH", url, {"body": "Newer."})
    answer = author.patch(url, {"body": "Unaware."}, headers={"If-Match": seen})
    assert (answer.status_code, answer.json["code"]) == (412, "precondition-failed")
    assert answer.json["current"] == newer


def test_what_a_reply_said_before_each_edit_stays_readable(
    community: Community, author: Person, reply: Json
) -> None:
    for body in ("Second.", "Third."):
        author.ok("PATCH", f"/replies/{reply['id']}", {"body": body})
    found = community.passer_by.ok("GET", f"/replies/{reply['id']}/revisions")["items"]
    assert [revision["body"] for revision in found] == ["Second.", reply["body"]]


def test_a_revision_tells_from_when_to_when_it_stood(
    author: Person, reply: Json, let_pass: LetPass
) -> None:
    edits = []
    for body in ("Second.", "Third."):
        let_pass(hours=1)
        edits.append(author.ok("PATCH", f"/replies/{reply['id']}", {"body": body})["edited_at"])
    found = author.ok("GET", f"/replies/{reply['id']}/revisions")["items"]
    stood = [(revision["written_at"], revision["replaced_at"]) for revision in found]
    assert stood == [(edits[0], edits[1]), (reply["created_at"], edits[0])]


def test_revisions_are_paged(author: Person, reply: Json) -> None:
    address = f"/replies/{reply['id']}"
    for body in ("Second.", "Third.", "Fourth."):
        author.ok("PATCH", address, {"body": body})
    first = author.ok("GET", f"{address}/revisions?limit=2")
    second = author.ok("GET", first["page"]["next"])
    bodies = [revision["body"] for revision in first["items"] + second["items"]]
    assert bodies == ["Third.", "Second.", reply["body"]]


def test_a_reply_that_was_never_edited_has_no_revisions(community: Community, reply: Json) -> None:
    assert community.passer_by.ok("GET", f"/replies/{reply['id']}/revisions")["items"] == []


def test_people_go_on_below_replies_to_a_deleted_opening(
    community: Community, author: Person
) -> None:
    thread = community.thread(author)
    reply = community.reply(thread=thread)
    author.ok("DELETE", f"/threads/{thread['id']}")
    assert community.reply(to=reply)["parent_id"] == reply["id"]


def test_a_deleted_opening_takes_no_direct_replies(community: Community, author: Person) -> None:
    thread = community.thread(author)
    community.reply(thread=thread)
    author.ok("DELETE", f"/threads/{thread['id']}")
    answer = community.member().post(f"/threads/{thread['id']}/replies", {"body": "Too late."})
    assert (answer.status_code, answer.json["code"]) == (409, "thread-gone")


@on_one_database
def test_an_answer_to_a_reply_takes_eight_statements(app: Flask, community: Community) -> None:
    member, above = community.member(), community.reply()
    below = community.reply(to=above)
    body = {"body": "And why?", "parent_id": below["id"]}
    with recorded(app) as sent:
        member.ok("POST", f"/threads/{below['thread_id']}/replies", body)
    assert len(sent) == 8
