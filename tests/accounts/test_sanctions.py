"""What a sanction keeps its member from, asked of the clock at every request."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from forum.core import clock
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.sanctions import put_into_force

Impose = Callable[..., int]


@pytest.fixture
def impose(community: Community) -> Impose:
    """Puts a sanction into force: `impose(robin, "mute", scope="voting")`; gives its id."""
    return partial(put_into_force, community)


@pytest.fixture
def robin(community: Community) -> Person:
    return community.member("robin", password=PASSWORD)


def writes(community: Community, person: Person, thread: Json) -> list[tuple[str, str, Json]]:
    """Every way of writing: method, address and body."""
    mine = community.reply(person, thread)
    opened = community.thread(person)
    slug = community.post()["slug"]
    return [
        ("POST", f"/threads/{thread['id']}/replies", {"body": "I would go."}),
        ("PATCH", f"/replies/{mine['id']}", {"body": "I would go."}),
        ("PUT", f"/replies/{mine['id']}/path", {"path": "technical-path"}),
        ("POST", f"/posts/{slug}/threads", {"body": "Stay or go?"}),
        ("PATCH", f"/threads/{opened['id']}", {"body": "Stay or go?"}),
    ]


def code(person: Person, method: str, address: str, body: Json) -> Any:
    answer = person.call(method, address, json=body)
    return answer.json.get("code", answer.status_code)


def test_the_muted_write_nothing(community: Community, robin: Person, impose: Impose) -> None:
    calls = writes(community, robin, community.thread())
    impose(robin, "mute")
    assert {code(robin, *call) for call in calls} == {"sanctioned"}


def test_one_muted_in_a_thread_writes_elsewhere(
    community: Community, robin: Person, impose: Impose
) -> None:
    thread = community.thread()
    calls = writes(community, robin, thread)
    impose(robin, "mute", scope="thread", thread_id=thread["id"])
    assert [code(robin, *call) == "sanctioned" for call in calls] == [True] * 3 + [False] * 2


def test_the_barred_are_told_why_and_until_when(
    community: Community, robin: Person, impose: Impose
) -> None:
    thread = community.thread()
    muted = impose(robin, "mute", hours=1, message="Come back tomorrow.", rule="Be kind")
    told = robin.post(f"/threads/{thread['id']}/replies", {"body": "I would go."})
    assert told.status_code == 403
    assert told.json["detail"] == told.json["message"] == "Come back tomorrow."
    assert (told.json["sanction_id"], told.json["rule"]) == (muted, "Be kind")
    assert (told.json["reason"], told.json["until"][-1]) == ("Again and again.", "Z")


@pytest.mark.parametrize(
    ("scope", "method", "address", "body"),
    [
        ("voting", "PUT", "/replies/{id}/vote", {"value": 1}),
        ("voting", "PUT", "/threads/{thread_id}/vote", {"value": 1}),
        ("ballots", "PUT", "/replies/{id}/ballot", {"path": "neither"}),
    ],
)
def test_a_scope_bars_from_what_it_names_and_from_nothing_else(
    community: Community,
    robin: Person,
    impose: Impose,
    scope: str,
    method: str,
    address: str,
    body: Json,
) -> None:
    reply = community.reply()
    impose(robin, "mute", scope="reporting")
    assert robin.call(method, address.format(**reply), json=body).status_code == 200
    impose(robin, "mute", scope=scope)
    assert code(robin, method, address.format(**reply), body) == "sanctioned"
    community.reply(robin)


def test_a_sanction_ends_by_the_clock(
    community: Community, robin: Person, impose: Impose, let_pass: LetPass
) -> None:
    thread = community.thread()
    impose(robin, "mute", hours=1)
    let_pass(hours=1)
    community.reply(robin, thread)


def test_a_sanction_begins_by_the_clock(
    community: Community, robin: Person, impose: Impose, let_pass: LetPass
) -> None:
    thread = community.thread()
    impose(robin, "mute", starts_at=clock.now() + timedelta(hours=1))
    community.reply(robin, thread)
    let_pass(hours=1)
    assert robin.post(f"/threads/{thread['id']}/replies", {"body": "So?"}).status_code == 403


def test_a_note_bars_from_nothing(community: Community, robin: Person, impose: Impose) -> None:
    impose(robin, "note")
    community.reply(robin)


def test_the_suspended_are_refused_at_the_next_request(robin: Person, impose: Impose) -> None:
    impose(robin, "suspend")
    assert robin.get("/me").json["code"] == "invalid-token"


def test_the_suspended_sign_in_as_with_a_wrong_password(
    community: Community, robin: Person, impose: Impose
) -> None:
    impose(robin, "suspend")
    right, wrong = (
        community.passer_by.post("/auth/login", {"login": "robin", "password": password})
        for password in (PASSWORD, "another quiet harbour")
    )
    assert right.status_code == wrong.status_code == 401
    assert {**right.json, "request_id": None} == {**wrong.json, "request_id": None}
    headers = [
        {name: value for name, value in answer.headers if name != "X-Request-ID"}
        for answer in (right, wrong)
    ]
    assert headers[0] == headers[1]


def test_the_suspended_refresh_nothing_until_it_is_over(
    community: Community, robin: Person, impose: Impose, let_pass: LetPass
) -> None:
    login = {"login": "robin", "password": PASSWORD}
    tokens = community.passer_by.ok("POST", "/auth/login", login)
    impose(robin, "suspend", hours=1)
    session = Person(community.client, "robin", tokens["refresh_token"])
    assert session.post("/auth/refresh").json["code"] == "invalid-token"
    let_pass(hours=1)
    assert session.post("/auth/refresh").status_code == 200


def test_the_feed_tokens_of_the_suspended_open_nothing(
    community: Community, robin: Person, impose: Impose
) -> None:
    token = robin.ok("POST", "/me/feed-tokens", {})["token"]
    feed = {"path": "/feeds/me/replies.atom", "query_string": {"token": token}}
    assert community.client.get(**feed).status_code == 200
    impose(robin, "suspend")
    assert community.client.get(**feed).status_code == 401
