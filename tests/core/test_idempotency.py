"""What becomes of keys that are in use, or no longer kept."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.core import idempotency
from forum.core.db import writing
from forum.core.idempotency import KeyedAnswer, KeyedRequest
from tests.clocks import LetPass
from tests.community import Community

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(KeyedAnswer)) or 0


@ON_POSTGRESQL
def test_a_request_that_is_being_worked_on_is_not_begun_again(
    community: Community, session: Session
) -> None:
    noor = community.member()
    member_id = noor.ok("GET", "/me")["id"]
    thread = community.thread()
    with writing():
        idempotency.claim(session, KeyedRequest(f"member:{member_id}", "one", "x"))
    headers = {"Idempotency-Key": "one"}
    address, body = f"/threads/{thread['id']}/replies", {"body": "Stay."}
    during = noor.post(address, body, headers=headers)
    session.rollback()
    after = noor.post(address, body, headers=headers)
    assert (during.status_code, during.json["code"]) == (409, "request-in-flight")
    assert int(during.headers["Retry-After"]) > 0
    assert after.status_code == 201


def test_answers_are_forgotten_after_a_day(
    app: Flask, community: Community, session: Session, let_pass: LetPass
) -> None:
    noor, thread = community.member(), community.thread()
    address, body = f"/threads/{thread['id']}/replies", {"body": "Stay."}
    noor.post(address, body, headers={"Idempotency-Key": "old"})
    let_pass(hours=23)
    noor.post(address, body, headers={"Idempotency-Key": "new"})
    let_pass(hours=2)
    idempotency.forget_expired(session)
    assert kept(session) == 1


def test_answers_are_forgotten_when_others_are_kept(
    community: Community, session: Session, let_pass: LetPass
) -> None:
    noor, thread = community.member(), community.thread()
    address, body = f"/threads/{thread['id']}/replies", {"body": "Stay."}
    for n in range(idempotency.EXPIRED_PER_ANSWER + 2):
        noor.post(address, body, headers={"Idempotency-Key": f"old-{n}"})
    let_pass(hours=25)
    noor.post(address, body, headers={"Idempotency-Key": "new"})
    assert kept(session) == 3
    noor.post(address, body, headers={"Idempotency-Key": "newer"})
    session.rollback()
    assert kept(session) == 2


def test_what_is_kept_of_a_request_cannot_be_guessed_from_it(
    community: Community, session: Session
) -> None:
    noor, thread = community.member(), community.thread()
    address, body = f"/api/v1/threads/{thread['id']}/replies", b'{"body": "Stay."}'
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    assert noor.call("POST", address, data=body, headers=headers).status_code == 201
    guess = idempotency.fingerprint(b"POST", address.encode() + b"?", body)
    assert session.scalars(select(KeyedAnswer.fingerprint)).one() != guess
