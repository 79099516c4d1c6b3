"""Tokens by which a browser may change, for a while, the one text it sent without an account."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken
from forum.accounts.identity import Viewer
from forum.accounts.models import GUEST, Member
from forum.accounts.queries import sanctions_among, with_sanctions
from forum.config import settings_of
from forum.core import clock
from forum.core.pages import rows
from forum.core.seals import BrokenSeal, seal, unseal
from forum.replies.models import Reply
from forum.threads.models import Thread

PREFIX = "guest_"
GOOD_FOR = timedelta(minutes=15)

_PURPOSE = "a guest's own text"
_MEMBER = Member.__table__.c
_AUTHORS = {
    kind: with_sanctions(
        select(_MEMBER.id)
        .join(text.__table__, text.__table__.c.author_id == _MEMBER.id)
        .where(text.__table__.c.id == bindparam("of_text"), _MEMBER.role == GUEST)
    )
    for kind, text in (("reply", Reply), ("thread", Thread))
}


def issue(session: Session, kind: str, text_id: int) -> str:
    """A token for a reply or thread that was written just now."""
    until = int((clock.now() + GOOD_FOR).timestamp())
    return PREFIX + seal(settings_of(session).secret_key, _PURPOSE, [kind, text_id, until])


def holder(session: Session, token: str) -> Viewer:
    """The guest who wrote the text of a token.

    Raises `InvalidToken` when it is too late, or the text is a member's by now.
    """
    try:
        sealed = token.removeprefix(PREFIX)
        kind, text_id, until = unseal(settings_of(session).secret_key, _PURPOSE, sealed)
    except BrokenSeal as error:
        raise InvalidToken from error
    now = clock.now()
    found = rows(session, _AUTHORS[kind], of_text=text_id, now=now)
    if not found or datetime.fromtimestamp(until, UTC) <= now:
        raise InvalidToken
    sanctions = sanctions_among(found)
    return Viewer(found[0].id, GUEST, sanctions=sanctions, only=f"{kind}:{text_id}")
