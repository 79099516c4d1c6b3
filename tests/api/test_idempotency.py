"""Idempotency-Key: a request that creates, repeated, is answered as the first time."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, Response

from forum.accounts.errors import UsernameTaken
from forum.api import edge
from forum.core.db import writing
from forum.core.http.json import json_response
from forum.core.idempotency import IdempotencyKeyReused
from tests.apps import Answer
from tests.clocks import LetPass
from tests.community import API, PASSWORD, Community, Json, Person
from tests.databases import on_one_database


@pytest.fixture
def thread(community: Community) -> Json:
    return community.thread()


def keyed(person: Person, address: str, body: Json, key: str = "one") -> Answer:
    return person.post(address, body, headers={"Idempotency-Key": key})


def replying(thread: Json) -> tuple[str, Json]:
    return f"/threads/{thread['id']}/replies", {"body": "Stay."}


def test_a_repeated_request_is_answered_as_the_first(community: Community, thread: Json) -> None:
    noor = community.member()
    first, again = keyed(noor, *replying(thread)), keyed(noor, *replying(thread))
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]


def test_a_replay_says_so(community: Community, thread: Json) -> None:
    noor = community.member()
    first, again = keyed(noor, *replying(thread)), keyed(noor, *replying(thread))
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_repeated_request_has_one_effect(community: Community, thread: Json) -> None:
    noor = community.member()
    for _ in range(3):
        keyed(noor, *replying(thread))
    assert community.passer_by.ok("GET", f"/threads/{thread['id']}")["reply_count"] == 1


def test_a_replay_is_the_first_answer_though_the_world_has_moved_on(
    community: Community, thread: Json
) -> None:
    noor = community.member()
    first = keyed(noor, *replying(thread))
    noor.delete(f"/replies/{first.json['id']}")
    assert keyed(noor, *replying(thread)).data == first.data


@pytest.mark.parametrize("different", ["body", "address"])
def test_another_request_under_the_same_key_is_refused(
    community: Community, thread: Json, different: str
) -> None:
    noor = community.member()
    address, body = replying(thread)
    keyed(noor, address, body)
    if different == "body":
        body = {"body": "Go."}
    else:
        address, _ = replying(community.thread())
    answer = keyed(noor, address, body)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency-key-reused")


def test_another_key_has_another_effect(community: Community, thread: Json) -> None:
    noor = community.member()
    first, second = (keyed(noor, *replying(thread), key=key) for key in ("one", "two"))
    assert first.json["id"] != second.json["id"]


def test_keys_belong_to_their_caller(community: Community, thread: Json) -> None:
    answers = [keyed(person, *replying(thread)) for person in community.members(2)]
    assert len({answer.json["id"] for answer in answers}) == 2
    assert not any("Idempotency-Replayed" in answer.headers for answer in answers)


def test_a_key_is_kept_for_a_day(community: Community, thread: Json, let_pass: LetPass) -> None:
    noor = community.member()
    first = keyed(noor, *replying(thread))
    let_pass(hours=23, minutes=59)
    assert keyed(noor, *replying(thread)).json["id"] == first.json["id"]
    let_pass(minutes=2)
    assert keyed(noor, *replying(thread)).json["id"] != first.json["id"]


def test_a_forgotten_key_may_be_used_for_another_request(
    community: Community, thread: Json, let_pass: LetPass
) -> None:
    noor, (address, body) = community.member(), replying(thread)
    keyed(noor, address, body)
    let_pass(hours=25)
    assert keyed(noor, address, {"body": "Go."}).status_code == 201
    assert keyed(noor, address, {"body": "Go."}).headers["Idempotency-Replayed"] == "true"


def test_failed_requests_are_not_remembered(community: Community, thread: Json) -> None:
    noor, moderator = community.member(), community.moderator()
    lock = f"/threads/{thread['id']}/lock"
    moderator.ok("PUT", lock, {"reason": "For a while."})
    assert keyed(noor, *replying(thread)).status_code == 409
    moderator.ok("DELETE", lock)
    assert keyed(noor, *replying(thread)).status_code == 201


def test_invalid_requests_are_not_remembered(community: Community, thread: Json) -> None:
    noor, (address, body) = community.member(), replying(thread)
    assert keyed(noor, address, {}).status_code == 422
    assert keyed(noor, address, body).status_code == 201


def test_every_request_that_creates_takes_a_key(community: Community, thread: Json) -> None:
    slug = community.post()["slug"]
    account = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}
    for person, address, body in (
        (community.passer_by, "/auth/register", account),
        (community.admin, "/posts", {"url": "https://a.example/", "title": "Two ladders"}),
        (community.member(), f"/posts/{slug}/threads", {"body": "Go?"}),
        (community.member(), *replying(thread)),
    ):
        first, again = keyed(person, address, body), keyed(person, address, body)
        assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
        assert again.headers["Idempotency-Replayed"] == "true"


def test_a_replay_of_a_known_post_is_200_as_well(community: Community) -> None:
    body = {"url": community.post()["url"], "title": "Two ladders"}
    answers = [keyed(community.admin, "/posts", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]


@contextmanager
def working_on(app: Flask, address: str, body: Json) -> Iterator[None]:
    """A keyed request of a passer-by's, that this test is to answer."""
    headers, caller = {"Idempotency-Key": "one"}, {"REMOTE_ADDR": "127.0.0.1"}
    with (
        app.test_request_context(
            API + address, method="POST", json=body, headers=headers, environ_base=caller
        ),
        writing(),
    ):
        edge.meet_passer_by()
        yield


def test_others_write_while_a_keyed_request_is_prepared(app: Flask, community: Community) -> None:
    def view() -> Response:
        community.member()
        return json_response({}, 201)

    with working_on(app, "/auth/register", {}):
        assert edge.answer_once(view).status_code == 201


@on_one_database
@pytest.mark.parametrize("refusal", [None, UsernameTaken])
def test_the_slower_of_two_racing_requests_is_answered_as_the_faster(
    app: Flask, community: Community, refusal: type[UsernameTaken] | None
) -> None:
    account = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}
    faster: list[Answer] = []

    def view() -> Response:
        faster.append(keyed(community.passer_by, "/auth/register", account))
        if refusal is not None:
            raise refusal
        return json_response({}, 201)

    with working_on(app, "/auth/register", account):
        slower = edge.answer_once(view)
    assert (slower.status_code, slower.data) == (201, faster[0].data)
    assert slower.headers["Idempotency-Replayed"] == "true"


@on_one_database
def test_of_two_racing_requests_under_one_key_the_slower_is_refused(
    app: Flask, community: Community
) -> None:
    account = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}

    def view() -> Response:
        keyed(community.passer_by, "/auth/register", {**account, "display_name": "Noor"})
        return json_response({}, 201)

    with working_on(app, "/auth/register", account), pytest.raises(IdempotencyKeyReused):
        edge.answer_once(view)


@on_one_database
@pytest.mark.parametrize("key", ["", "a b\t", "\x7f", "é", "a" * 256])
def test_what_is_no_key_is_refused(community: Community, thread: Json, key: str) -> None:
    answer = keyed(community.member(), *replying(thread), key=key)
    assert (answer.status_code, answer.json["code"]) == (400, "bad-request")


@on_one_database
@pytest.mark.parametrize("key", ["a", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a" * 255])
def test_other_keys_are_accepted(community: Community, thread: Json, key: str) -> None:
    assert keyed(community.member(), *replying(thread), key=key).status_code == 201


@on_one_database
def test_a_replay_needs_the_same_sign_in(community: Community, thread: Json) -> None:
    noor = community.member()
    keyed(noor, *replying(thread))
    answer = keyed(community.passer_by, *replying(thread))
    assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
