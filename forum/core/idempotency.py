"""Idempotency-Key: the first answer to a keyed request, stored in the transaction of its effect.

After draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    String,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.db import Model, execute, is_first, table_of
from forum.core.errors import Conflict, Invalid

KEPT_FOR = timedelta(hours=24)
EXPIRED_PER_ANSWER = 10


class IdempotencyKeyReused(Invalid):
    """The same `Idempotency-Key` was sent before with another request; use a new key."""

    code = "idempotency-key-reused"
    title = "The key belongs to another request"


class RequestInFlight(Conflict):
    """A request with this `Idempotency-Key` is being worked on; ask again in a moment."""

    code = "request-in-flight"
    title = "The same request is being worked on"


class KeyedAnswer(Model):
    """The answer that was given to the first request with a key.

    It tells of its `owner`: the caller, as far as they were known when it was given.
    """

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    location: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class KeyedRequest:
    """A request that carries a key: who sends it, and what it asks for."""

    caller: str
    key: str
    fingerprint: str


def fingerprint(*parts: bytes) -> str:
    """One value for method, address and body of a request."""
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def earlier_answer(session: Session, request: KeyedRequest) -> Row[Any] | None:
    """The row of the stored answer to the same request, if there is one; only reads.

    Raises `IdempotencyKeyReused` when the key was used for another request.
    """
    key = {"of_caller": request.caller, "with_key": request.key}
    answer = execute(session, _ANSWER, key).first()
    if answer is None or answer.created_at < clock.now() - KEPT_FOR:
        return None
    if answer.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused
    return answer


def claim(session: Session, request: KeyedRequest) -> None:
    """Have others told at once, until this transaction is over, that the request is worked on.

    Raises `RequestInFlight`. On SQLite nothing is claimed, so that nothing is locked: of two racing
    requests the slower one learns of the other when it is to be remembered.
    """
    if not is_first(session, f"{request.caller}\0{request.key}"):
        raise _in_flight()


def remember(
    session: Session,
    request: KeyedRequest,
    owner: str,
    status: int,
    body: bytes,
    location: str | None,
) -> None:
    """Store the answer with the transaction of the effect; makes room by forgetting old ones.

    Raises `RequestInFlight` when there is an answer to a request with the key by now.
    """
    forget_expired(session, most=EXPIRED_PER_ANSWER)
    with_the_key = (KeyedAnswer.caller == request.caller, KeyedAnswer.key == request.key)
    _forget(session, *with_the_key, _is_expired())
    values = {
        "caller": request.caller,
        "key": request.key,
        "owner": owner,
        "fingerprint": request.fingerprint,
        "status": status,
        "body": body,
        "location": location,
        "created_at": clock.now(),
    }
    try:
        execute(session, insert(_TABLE), values)
    except IntegrityError as error:
        raise _in_flight() from error


def forget_expired(session: Session, most: int | None = None) -> None:
    """Remove the answers that are no longer kept, or the `most` oldest; waits for nobody."""
    oldest = (
        select(KeyedAnswer.caller, KeyedAnswer.key)
        .where(_is_expired())
        .order_by(KeyedAnswer.created_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    _forget(session, tuple_(KeyedAnswer.caller, KeyedAnswer.key).in_(oldest))


def forget_owner(session: Session, owner: str) -> None:
    """Remove the answers that tell of somebody."""
    _forget(session, KeyedAnswer.owner == owner)


def _is_expired() -> ColumnElement[bool]:
    return KeyedAnswer.created_at < clock.now() - KEPT_FOR


def _in_flight() -> RequestInFlight:
    return RequestInFlight(headers={"Retry-After": "1"})


def _forget(session: Session, *which: ColumnElement[bool]) -> None:
    execute(session, delete(_TABLE).where(*which))


_TABLE = table_of(KeyedAnswer)
_ANSWER = select(_TABLE).where(
    _TABLE.c.caller == bindparam("of_caller"), _TABLE.c.key == bindparam("with_key")
)
