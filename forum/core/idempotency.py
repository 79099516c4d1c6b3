"""Idempotency-Key: the first answer to a keyed request, stored in the transaction of its effect.

After draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, LargeBinary, String, delete, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.db import Model, is_first
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


def earlier_answer(session: Session, request: KeyedRequest) -> KeyedAnswer | None:
    """The stored answer to the same request, if there is one.

    Raises `IdempotencyKeyReused` when the key was used for another request and `RequestInFlight`
    when it is being worked on. On SQLite the second of two racing requests waits for the first
    one's transaction instead, and then finds its answer.
    """
    if not is_first(session, f"{request.caller}\0{request.key}"):
        raise RequestInFlight(headers={"Retry-After": "1"})
    answer = session.get(KeyedAnswer, (request.caller, request.key))
    if answer is None:
        return None
    if answer.created_at < clock.now() - KEPT_FOR:
        _forget(session, KeyedAnswer.caller == request.caller, KeyedAnswer.key == request.key)
        return None
    if answer.fingerprint != request.fingerprint:
        raise IdempotencyKeyReused
    return answer


def remember(
    session: Session,
    request: KeyedRequest,
    owner: str,
    status: int,
    body: bytes,
    location: str | None,
) -> None:
    """Store the answer with the transaction of the effect; makes room by forgetting old ones."""
    forget_expired(session, most=EXPIRED_PER_ANSWER)
    session.add(
        KeyedAnswer(
            caller=request.caller,
            key=request.key,
            owner=owner,
            fingerprint=request.fingerprint,
            status=status,
            body=body,
            location=location,
            created_at=clock.now(),
        )
    )
    session.flush()


def forget_expired(session: Session, most: int | None = None) -> None:
    """Remove the answers that are no longer kept, or the `most` oldest; waits for nobody."""
    oldest = (
        select(KeyedAnswer.caller, KeyedAnswer.key)
        .where(KeyedAnswer.created_at < clock.now() - KEPT_FOR)
        .order_by(KeyedAnswer.created_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    _forget(session, tuple_(KeyedAnswer.caller, KeyedAnswer.key).in_(oldest))


def forget_owner(session: Session, owner: str) -> None:
    """Remove the answers that tell of somebody."""
    _forget(session, KeyedAnswer.owner == owner)


def _forget(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        delete(KeyedAnswer).where(*which).execution_options(synchronize_session="fetch")
    )
