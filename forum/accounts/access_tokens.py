"""Personal access tokens: what a member's programs show, for as much as the member lets them do.

A token is `cr_`, 32 random letters and digits, and six that are the CRC-32 of those, so that who
searches for leaked tokens tells them from other words without asking us. Only a hash is kept.
"""

import secrets
import string
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from forum.accounts import membership, queries
from forum.accounts.errors import AccessTokenNotFound, InvalidToken, TooManyAccessTokens
from forum.accounts.identity import Viewer
from forum.accounts.models import AccessToken
from forum.core import clock
from forum.core.db import one_at_a_time
from forum.core.errors import Invalid
from forum.core.pages import Keyset, Order, Page, Position, Record
from forum.core.tokens import hash_of

PREFIX = "cr_"
MOST_TOKENS = 50
"""That a member may have at once."""

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 32, 6
_NOTED_EVERY = timedelta(hours=1)

_TOKEN = AccessToken.__table__.c
_MINE = Keyset(
    select(AccessToken.__table__).where(_TOKEN.member_id == bindparam("of_member")),
    Order((_TOKEN.id,)),
)


@dataclass(frozen=True)
class NewAccessToken:
    """What a member says of a token: what it is for, and until when."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None


def issue(session: Session, actor: Viewer, data: NewAccessToken) -> tuple[AccessToken, str]:
    """A token, which is told this once.

    Raises `TooManyAccessTokens` or `Invalid`, and `InvalidToken` for who has left.
    """
    if data.expires_at is not None and data.expires_at <= clock.now():
        raise Invalid("Must be in the future.", pointer="/expires_at")
    membership.keep(session, actor.id)
    one_at_a_time(session, f"access tokens of {actor.id}")
    mine = select(func.count()).where(AccessToken.member_id == actor.id)
    if session.scalars(mine).one() >= MOST_TOKENS:
        raise TooManyAccessTokens
    token = _made()
    issued = AccessToken(
        member_id=actor.id,
        name=data.name,
        scopes=" ".join(sorted(set(data.scopes))),
        token_hash=hash_of(token),
        created_at=clock.now(),
        expires_at=data.expires_at,
    )
    session.add(issued)
    session.flush()
    return issued, token


def tokens(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """The member's own, newest first."""
    return _MINE.page(session, after, limit, of_member=actor.id)


def token(session: Session, actor: Viewer, token_id: int) -> AccessToken:
    """One of the member's own; raises `AccessTokenNotFound`."""
    found = session.get(AccessToken, token_id)
    if found is None or found.member_id != actor.id:
        raise AccessTokenNotFound
    return found


def revoke(session: Session, actor: Viewer, token_id: int) -> None:
    """Let a token open nothing any more; raises `AccessTokenNotFound`."""
    mine = delete(AccessToken).where(AccessToken.id == token_id, AccessToken.member_id == actor.id)
    if not session.execute(mine.returning(AccessToken.id)).all():
        raise AccessTokenNotFound


def revoke_all(session: Session, member_id: int) -> None:
    """Let no token of a member open anything any more."""
    session.execute(delete(AccessToken).where(AccessToken.member_id == member_id))


def holder(session: Session, token: str) -> tuple[Viewer, bool]:
    """Who shows a token, and whether it has not been noted of late; raises `InvalidToken`."""
    if not _is_well_formed(token):
        raise InvalidToken
    viewer, last_used_at = queries.viewer_of_access_token(session, hash_of(token))
    return viewer, last_used_at is None or last_used_at < clock.now() - _NOTED_EVERY


def note_use(session: Session, token: str) -> None:
    """Remember that a token was used, by the hour: not every request writes."""
    now = clock.now()
    unnoted = or_(AccessToken.last_used_at.is_(None), AccessToken.last_used_at < now - _NOTED_EVERY)
    used = update(AccessToken).where(AccessToken.token_hash == hash_of(token), unnoted)
    session.execute(used.values(last_used_at=now))


def _made() -> str:
    random = "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return f"{PREFIX}{random}{_check(random)}"


def _is_well_formed(token: str) -> bool:
    random, check = token.removeprefix(PREFIX)[:-_CHECK], token[-_CHECK:]
    return len(random) == _RANDOM and random.isascii() and _check(random) == check


def _check(random: str) -> str:
    """The CRC-32 of ASCII in base 62."""
    rest, digits = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        rest, digit = divmod(rest, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
