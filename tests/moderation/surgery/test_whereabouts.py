"""Where the former id of what was moved leads to."""

import pytest
from werkzeug.wrappers import Response

from tests.community import Community, Person
from tests.moderation.surgery.acts import merge, split, undo

TREE = "/api/v1/{}/replies?sort=new&limit=3"


def seen(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.headers["Location"]


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("/api/v1/{}", "/api/v1/{}"),
        (TREE, TREE),
        ("/api/v1/{}/context", "/api/v1/{}"),
        ("/{}", "/{}"),
        ("/feeds/{}.atom", "/feeds/{}.atom"),
    ],
)
def test_the_id_of_a_split_reply_leads_to_its_thread(
    community: Community, former: str, present: str
) -> None:
    reply = community.reply()
    opened = split(community.moderator(), reply)
    answer = community.client.get(former.format(f"replies/{reply['id']}"))
    assert seen(answer) == (301, present.format(f"threads/{opened['id']}"))


@pytest.mark.parametrize("address", ["/api/v1/{}", TREE, "/{}", "/feeds/{}.json"])
def test_the_id_of_a_merged_thread_leads_to_the_other(community: Community, address: str) -> None:
    thread, target = community.thread(), community.thread()
    merge(community.moderator(), thread, target)
    answer = community.client.get(address.format(f"threads/{thread['id']}"))
    assert seen(answer) == (301, address.format(f"threads/{target['id']}"))


def test_a_former_id_is_asked_for_again_each_time(community: Community) -> None:
    reply, moderator = community.reply(), community.moderator()
    split(moderator, reply)
    answer = community.passer_by.get(f"/replies/{reply['id']}")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "ETag" not in answer.headers
    undo(moderator)
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 200


@pytest.mark.parametrize(
    ("method", "below", "body", "there"),
    [
        ("POST", "/replies", {"body": "Hello?"}, "/replies"),
        ("PUT", "/vote", {"value": 1}, "/vote"),
        ("PATCH", "", {"body": "Back."}, ""),
        ("DELETE", "", None, ""),
        ("PUT", "/subscription", {"level": "all"}, "/subscription"),
    ],
)
def test_who_writes_to_a_merged_thread_is_told_where_it_is(
    community: Community, method: str, below: str, body: object, there: str
) -> None:
    thread, target = community.thread(), community.thread()
    merge(community.moderator(), thread, target)
    answer = community.member().call(method, f"/threads/{thread['id']}{below}", json=body)
    told = (answer.status_code, answer.json["code"], answer.json["location"])
    assert told == (409, "moved", f"/api/v1/threads/{target['id']}{there}")


def test_who_casts_a_ballot_on_a_split_reply_is_told_of_the_thread(community: Community) -> None:
    reply = community.reply()
    opened = split(community.moderator(), reply)
    answer = community.member().put(f"/replies/{reply['id']}/ballot", {"path": "neither"})
    told = (answer.status_code, answer.json["code"], answer.json["location"])
    assert told == (409, "moved", f"/api/v1/threads/{opened['id']}")


def test_a_former_id_leads_through_several_moves(community: Community) -> None:
    moderator, reply, target = community.moderator(), community.reply(), community.thread()
    merge(moderator, split(moderator, reply), target)
    answer = community.passer_by.get(f"/replies/{reply['id']}")
    assert seen(answer) == (301, f"/api/v1/threads/{target['id']}")


def test_a_former_id_leads_nowhere_that_cannot_be_seen(community: Community) -> None:
    author = community.member()
    reply = community.reply(author)
    opened = split(community.moderator(), reply)
    author.ok("DELETE", f"/threads/{opened['id']}")
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404


def test_who_answers_what_was_split_off_is_told_where_it_is(community: Community) -> None:
    reply = community.reply()
    below = community.reply(to=reply)
    opened = split(community.moderator(), reply)
    for parent in (reply, below):
        body = {"body": "Yes.", "parent_id": parent["id"]}
        answer = community.member().post(f"/threads/{reply['thread_id']}/replies", body)
        assert (answer.status_code, answer.json["code"]) == (409, "moved")
        assert answer.json["location"] == f"/api/v1/threads/{opened['id']}/replies"


def test_who_moves_what_was_moved_is_told_where_it_is(
    community: Community, moderator: Person
) -> None:
    thread, target = community.thread(), community.thread()
    merge(moderator, thread, target)
    path = f"/moderation/threads/{thread['id']}/merge"
    assert moderator.post(path, {"into": target["id"]}).json["code"] == "moved"
